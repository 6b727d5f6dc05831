//! Servers, with the settings that users of `object_store` know: variables of the environment that begin with `AWS_`, `GOOGLE_`
//! and `AZURE_`.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, ClientOptions, ObjectStore, RetryConfig};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use crate::address::{Address, Kind};
use crate::error::{Error, Result};
use crate::settings;

/// Time for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time in which nothing comes of an answer. That for a whole answer has no limit: it may be long, and the line slow.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(10);
/// As [`SILENCE_TIMEOUT`], where a part is sent first: 8 MiB at 140 kB/s.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60);
/// Requests that fail for a time are sent again, some times and for some seconds: who waits wants to know. After one that nothing came of there is time to
/// send it once more, and after two there is not.
const MAX_RETRIES: usize = 5;
const RETRY_TIME_BEHIND_SILENCE: Duration = Duration::from_secs(5);
const DAY: Duration = Duration::from_secs(86_400);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How the names of variables begin that are settings of servers.
const S3_SETTINGS: &str = "AWS_";
const GOOGLE_SETTINGS: &str = "GOOGLE_";
const AZURE_SETTINGS: &str = "AZURE_";

/// What a server is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Parts of an object.
    Read,
    /// An object front to back, which may take hours.
    Download,
    /// A new object.
    Upload,
}

impl Purpose {
    fn silence_timeout(self) -> Duration {
        match self {
            Self::Read | Self::Download => SILENCE_TIMEOUT,
            Self::Upload => UPLOAD_TIMEOUT,
        }
    }

    /// It is counted from the beginning of an answer.
    fn retry_timeout(self) -> Duration {
        match self {
            Self::Read | Self::Upload => self.silence_timeout() + RETRY_TIME_BEHIND_SILENCE,
            Self::Download => DAY,
        }
    }
}

/// The server of an object, and its name there.
pub(crate) fn store_of(address: &Address, purpose: Purpose) -> Result<(Arc<dyn ObjectStore>, Path)> {
    // The first one stays, also if the program has chosen another.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = Settings { address, purpose };
    let store: Arc<dyn ObjectStore> = match address.kind() {
        Kind::Http => return Ok((settings.http()?, Path::default())),
        Kind::S3 => settings.s3()?,
        Kind::Google => settings.google()?,
        Kind::Azure => settings.azure()?,
    };
    Ok((store, address.object_path()?))
}

/// What the environment tells of the servers of an object, as far as it is another object there: the buckets of two servers may have one name.
pub(crate) fn place_of(address: &Address) -> Result<String> {
    match address.kind() {
        Kind::Http => Ok(String::new()),
        Kind::S3 => settings::place::<AmazonS3ConfigKey>(S3_SETTINGS),
        Kind::Google => settings::place::<GoogleConfigKey>(GOOGLE_SETTINGS),
        Kind::Azure => settings::place::<AzureConfigKey>(AZURE_SETTINGS),
    }
}

/// Asks for a whole object of a server of the web, for an answer that tells no length: other clients here want one.
pub(crate) fn plain_request(address: &Address) -> Result<reqwest::RequestBuilder> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let purpose = Purpose::Download;
    let (url, headers) = Settings { address, purpose }.web_request();
    let client = reqwest::Client::builder()
        .default_headers(headers)
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(SILENCE_TIMEOUT)
        .build();
    Ok(client?.get(url))
}

struct Settings<'a> {
    address: &'a Address,
    purpose: Purpose,
}

/// A builder that takes its settings one by one, with those of the environment last.
macro_rules! configured {
    ($self:ident, $builder:ty, $prefix:expr, $client:path) => {{
        let ours = $self.timeouts().into_iter();
        let ours = ours.map(|(key, value)| ($client(key), value));
        let given = settings::of_environment($prefix)?;
        let builder = ours
            .chain(given)
            .fold(<$builder>::new(), |builder, (key, value)| {
                builder.with_config(key, value)
            });
        builder
            .with_url($self.address.url().as_str())
            .with_retry(retries($self.purpose))
            .build()
            .map(Arc::new)
            .map_err(Error::of_settings)
    }};
}

impl Settings<'_> {
    fn s3(&self) -> Result<Arc<object_store::aws::AmazonS3>> {
        configured!(self, AmazonS3Builder, S3_SETTINGS, AmazonS3ConfigKey::Client)
    }

    fn google(&self) -> Result<Arc<object_store::gcp::GoogleCloudStorage>> {
        configured!(
            self,
            GoogleCloudStorageBuilder,
            GOOGLE_SETTINGS,
            GoogleConfigKey::Client
        )
    }

    fn azure(&self) -> Result<Arc<object_store::azure::MicrosoftAzure>> {
        configured!(
            self,
            MicrosoftAzureBuilder,
            AZURE_SETTINGS,
            AzureConfigKey::Client
        )
    }

    fn http(&self) -> Result<Arc<object_store::http::HttpStore>> {
        let (url, headers) = self.web_request();
        let mut options = ClientOptions::new().with_allow_http(true);
        for (key, value) in self.timeouts() {
            options = options.with_config(key, value);
        }
        let options = options.with_default_headers(headers);
        let builder = HttpBuilder::new().with_url(url).with_client_options(options);
        let built = builder.with_retry(retries(self.purpose)).build();
        built.map(Arc::new).map_err(Error::of_settings)
    }

    /// The URL as it is, with its query: a signed one holds for exactly that. Its user is in the headers.
    fn web_request(&self) -> (Url, HeaderMap) {
        let mut url = self.address.url().clone();
        let mut headers = HeaderMap::new();
        if let Some(authorization) = self.authorization() {
            headers.insert(AUTHORIZATION, authorization);
            let _ = url.set_password(None);
            let _ = url.set_username("");
        }
        url.set_fragment(None);
        (url, headers)
    }

    /// What a name and a password in the URL stand for.
    fn authorization(&self) -> Option<HeaderValue> {
        let url = self.address.url();
        let password = url.password();
        if url.username().is_empty() && password.is_none() {
            return None;
        }
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
        let pair = format!(
            "{}:{}",
            decoded(url.username()),
            decoded(password.unwrap_or_default())
        );
        let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn timeouts(&self) -> [(ClientConfigKey, String); 3] {
        let timeouts = [
            (ClientConfigKey::ConnectTimeout, CONNECT_TIMEOUT),
            (ClientConfigKey::ReadTimeout, self.purpose.silence_timeout()),
            // For a whole request.
            (ClientConfigKey::Timeout, DAY),
        ];
        timeouts.map(|(key, time)| (key, format!("{} s", time.as_secs())))
    }
}

fn retries(purpose: Purpose) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: FIRST_PAUSE,
            max_backoff: LONGEST_PAUSE,
            base: 2.0,
        },
        max_retries: MAX_RETRIES,
        retry_timeout: purpose.retry_timeout(),
    }
}
