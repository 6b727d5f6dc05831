//! The container, and what it says about itself.

use crate::collection::SegmentDesc;
use crate::container::names::GroupNaming;
use crate::container::{ContainerReader, names};
use crate::error::{ErrorKind, Result};
use crate::extract::store::opening;
use crate::file_info::{FileInfo, FormatVersion};
use crate::group::{self, ItemPlace};
use crate::lz_diff::Rules;
use crate::params::Params;

/// What everything else of an open archive depends on. It does not change.
#[derive(Debug)]
pub(crate) struct Basis {
    container: ContainerReader,
    info: FileInfo,
    /// Decided here, once; matched wherever the versions differ.
    version: FormatVersion,
    params: Params,
}

impl Basis {
    /// Reads the two small streams that everything depends on.
    pub(super) fn read(container: ContainerReader) -> Result<Self> {
        opening::fetch(&container);
        let part = match container.read_only_part(names::FILE_INFO) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => {
                return Err(container.explain(error));
            }
            part => part?,
        };
        let info =
            FileInfo::decode(part.metadata, part.payload()).map_err(|e| e.in_stream(names::FILE_INFO))?;
        let version = info.version().map_err(|e| e.in_stream(names::FILE_INFO))?;
        let part = container.read_only_part(names::PARAMS)?;
        let params = Params::decode(part.payload(), version).map_err(|e| e.in_stream(names::PARAMS))?;
        Ok(Self {
            container,
            info,
            version,
            params,
        })
    }

    pub(super) fn container(&self) -> &ContainerReader {
        &self.container
    }

    pub(super) fn info(&self) -> &FileInfo {
        &self.info
    }

    pub(super) fn version(&self) -> FormatVersion {
        self.version
    }

    pub(super) fn params(&self) -> &Params {
        &self.params
    }

    pub(super) fn naming(&self) -> GroupNaming {
        self.version.group_naming()
    }

    /// How deltas are read.
    pub(super) fn rules(&self) -> Rules {
        Rules {
            min_match_len: self.params.min_match_len,
            dialect: self.version.delta_dialect(),
        }
    }

    /// Where the item of a segment lies in its group.
    pub(super) fn place_of(&self, segment: &SegmentDesc) -> Result<ItemPlace> {
        group::place_of(segment.group, segment.in_group_id, self.params.pack_cardinality)
    }
}
