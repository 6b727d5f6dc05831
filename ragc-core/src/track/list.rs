//! All tracks. What is done with each of them is made of the list: a new track is one more line of it.

use std::io::Write;

use crate::container::ContainerWriter;
use crate::error::{Error, ErrorKind, Result};
use crate::provenance::SampleSource;
use crate::track::digests::DigestsTrack;
use crate::track::kept::KeptSamples;
use crate::track::sequence_sums::SumsTrack;
use crate::track::sources::SourcesTrack;
use crate::track::texts::{Case, LineLayout, Names, Odd, TextTrack};
use crate::track::traits::{
    HeardStretch, Listener, Mismatch, NoteOf, Old, Track, Verifier, Wanted, WrittenContig,
};

/// Decodes a sample by its place, has its contigs heard, and gives what was noted of each.
pub(crate) type Hear<'a> = dyn Fn(usize, &mut Listeners) -> Result<Vec<ContigNotes>> + 'a;

macro_rules! tracks {
    ($($(#[$meta:meta])* $name:ident: $track:ty,)*) => {
        /// What hears contigs while they are read, one after the other.
        #[derive(Debug)]
        pub(crate) struct Listeners {
            $($(#[$meta])* $name: Option<<$track as Track>::Listener>,)*
        }

        impl Listeners {
            /// Those of all tracks that are wanted.
            pub(crate) fn new(wanted: Wanted) -> Self {
                Self {
                    $($(#[$meta])* $name: match <$track>::is_wanted(wanted) {
                        true => Listener::begin(),
                        false => None,
                    },)*
                }
            }

            /// None at all.
            fn none() -> Self {
                Self {
                    $($(#[$meta])* $name: None,)*
                }
            }

            /// Takes the next stretch of a contig.
            pub(crate) fn push(&mut self, piece: HeardStretch<'_>) {
                $($(#[$meta])* if let Some(listener) = &mut self.$name {
                    Listener::push(listener, piece);
                })*
            }

            /// Whether some of them hears text.
            pub(crate) fn hear_text(&self) -> bool {
                $($(#[$meta])* if self.$name.is_some() && <<$track as Track>::Listener as Listener>::HEARS_TEXT {
                    return true;
                })*
                false
            }

            /// Leaves out those that hear text, where there is none.
            pub(crate) fn lose_text(&mut self) {
                $($(#[$meta])* if <<$track as Track>::Listener as Listener>::HEARS_TEXT {
                    self.$name = None;
                })*
            }

            /// What was heard of the contig, which is forgotten.
            pub(crate) fn take(&mut self) -> ContigNotes {
                ContigNotes {
                    $($(#[$meta])* $name: self.$name.as_mut().map(Listener::take),)*
                }
            }
        }

        /// What was heard of a contig.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub(crate) struct ContigNotes {
            $($(#[$meta])* $name: Option<NoteOf<$track>>,)*
        }

        /// The tracks of an archive that is written.
        pub(crate) struct Writers {
            $($(#[$meta])* $name: Option<$track>,)*
            /// Whether all of them are written, whatever they take.
            insists: bool,
        }

        impl Writers {
            /// Begins those that are wanted.
            pub(crate) fn new(wanted: Wanted) -> Self {
                Self {
                    $($(#[$meta])* $name: <$track>::is_wanted(wanted).then(<$track>::begin),)*
                    insists: wanted.insists_on_sources,
                }
            }

            /// Goes on behind what an archive holds.
            ///
            /// # Errors
            /// As [`Track::go_on`].
            pub(crate) fn go_on<W: Write>(&mut self, old: &Old<'_>, container: &mut ContainerWriter<W>) -> Result<()> {
                $($(#[$meta])* if let Some(track) = &mut self.$name {
                    *track = <$track>::go_on(old, container)?;
                })*
                Ok(())
            }

            /// Takes over what an archive holds of the samples that are kept. `hear` decodes a sample of it.
            ///
            /// # Errors
            /// As [`Track::carry`].
            pub(crate) fn carry<W: Write>(
                &mut self,
                old: &Old<'_>,
                kept: KeptSamples<'_>,
                hear: &Hear<'_>,
                container: &mut ContainerWriter<W>,
            ) -> Result<()> {
                $($(#[$meta])* if let Some(track) = &mut self.$name {
                    let stays = <$track>::stays(old, kept)?;
                    let stream = old.container.footer().find(<$track>::STREAM).filter(|_| stays && old.is_renamed_in_place);
                    if let Some(stream) = stream {
                        old.copy_parts(stream, <$track>::STREAM, old.container.n_parts(stream), container)?;
                        self.$name = None;
                    } else if stays && !<$track>::has_gaps(old)? {
                        *track = <$track>::go_on(old, container)?;
                    } else {
                        let hear = |sample: usize| {
                            let mut listeners = Listeners::none();
                            listeners.$name = Listener::begin();
                            let notes = hear(sample, &mut listeners)?.into_iter();
                            let unheard = || Error::new(ErrorKind::Internal("a track that did not hear a contig"));
                            notes.map(|notes| notes.$name.ok_or_else(unheard)).collect()
                        };
                        track.carry(old, kept, &hear, container)?;
                    }
                })*
                Ok(())
            }

            /// Takes the contigs of a sample, by the place of the sample.
            ///
            /// # Errors
            /// `Io`.
            pub(crate) fn add_sample<'c, W: Write>(
                &mut self,
                sample: usize,
                contigs: impl Iterator<Item = (WrittenContig<'c>, &'c ContigNotes)> + Clone,
                container: &mut ContainerWriter<W>,
            ) -> Result<()> {
                $($(#[$meta])* if let Some(track) = &mut self.$name {
                    let contigs = contigs.clone().map(|(contig, notes)| (contig, notes.$name.as_ref()));
                    track.add_sample(sample, contigs, container)?;
                })*
                Ok(())
            }

            /// Takes where a sample came from, by its place, before its contigs.
            ///
            /// # Errors
            /// `Io`.
            pub(crate) fn add_source<W: Write>(
                &mut self,
                sample: usize,
                source: Option<&SampleSource>,
                container: &mut ContainerWriter<W>,
            ) -> Result<()> {
                $($(#[$meta])* if let Some(track) = &mut self.$name {
                    track.add_source(sample, source, container)?;
                })*
                Ok(())
            }

            /// Writes what is left of all of them.
            ///
            /// # Errors
            /// `Io`.
            pub(crate) fn finish<W: Write>(self, container: &mut ContainerWriter<W>) -> Result<()> {
                let insists = self.insists;
                $($(#[$meta])* if let Some(mut track) = self.$name {
                    if insists {
                        track.insist();
                    }
                    track.finish(container)?;
                })*
                Ok(())
            }
        }

        /// What compares the tracks of an archive with contigs that are decoded.
        #[derive(Debug)]
        pub(crate) struct Verifiers {
            $($(#[$meta])* $name: Option<<$track as Track>::Verifier>,)*
        }

        impl Verifiers {
            /// Those of all tracks that an archive has and that can be read; `damaged` is told of the others.
            pub(crate) fn open(old: &Old<'_>, mut damaged: impl FnMut(Error)) -> Self {
                Self {
                    $($(#[$meta])* $name: <$track>::verifier(old).unwrap_or_else(|error| {
                        damaged(error);
                        None
                    }),)*
                }
            }

            /// What has to hear contigs.
            pub(crate) fn listeners(&self) -> Listeners {
                Listeners {
                    $($(#[$meta])* $name: self.$name.as_ref().and_then(|_| Listener::begin()),)*
                }
            }

            /// Whether the track of this stream is compared.
            pub(crate) fn compare_stream(&self, stream: &str) -> bool {
                $($(#[$meta])* if <$track>::STREAM == stream {
                    return self.$name.is_some();
                })*
                false
            }

            /// Takes what was heard of the contigs of the next sample, as far as they could be decoded; gives what is not as it was
            /// stored, with the stream that tells.
            pub(crate) fn compare(
                &mut self,
                sample: usize,
                contigs: Option<&[Option<ContigNotes>]>,
            ) -> Vec<(&'static str, Mismatch)> {
                let mut mismatches = Vec::new();
                $($(#[$meta])* if let Some(verifier) = &mut self.$name {
                    let notes: Option<Vec<_>> = contigs.map(|contigs| {
                        contigs.iter().map(|notes| notes.as_ref()?.$name.as_ref()).collect()
                    });
                    let found = verifier.compare(sample, notes.as_deref());
                    mismatches.extend(found.into_iter().map(|found| (<$track>::STREAM, found)));
                })*
                mismatches
            }
        }

        /// Whether a stream of this name is that of a track.
        pub(crate) fn is_track(stream: &[u8]) -> bool {
            [$($(#[$meta])* <$track>::STREAM,)*].iter().any(|known| known.as_bytes() == stream)
        }

        /// Whether what an archive holds is of as many contigs as its samples have.
        ///
        /// # Errors
        /// As [`Track::check`].
        pub(crate) fn check(old: &Old<'_>, n_contigs: &[u64]) -> Result<()> {
            $($(#[$meta])* <$track>::check(old, n_contigs)?;)*
            Ok(())
        }
    };
}

// Their streams follow one another in this order.
tracks! {
    digests: DigestsTrack,
    odd: TextTrack<Odd>,
    case: TextTrack<Case>,
    layout: TextTrack<LineLayout>,
    names: TextTrack<Names>,
    sums: SumsTrack,
    sources: SourcesTrack,
    #[cfg(test)]
    n_counts: crate::track::example::NCounts,
}

// Notes wait with their contigs, of which drafts have tens of thousands at once.
#[cfg(all(not(test), target_pointer_width = "64"))]
const _: () = assert!(size_of::<ContigNotes>() <= 32);
