//! Settings of servers out of the environment: which there are, whether they do, and which of them tell where objects are.

use std::collections::BTreeMap;
use std::env;
use std::str::FromStr;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::error::{Error, ErrorKind, Result};

/// How the names of settings end that are URLs of servers.
const URLS: [&str; 8] = [
    "_endpoint",
    "_endpoint_url",
    "_endpoint_url_s3",
    "_endpoint_url_sts",
    "_base_url",
    "_service_url",
    "_full_uri",
    "_authority_host",
];
/// As [`URLS`], of those that are yes or no.
const YES_OR_NO: [&str; 1] = ["_use_fabric_endpoint"];

/// What names of settings hold that are sent as they are, or signed with.
const CREDENTIALS: [&str; 5] = ["key", "token", "secret", "sas", "client_id"];
/// What names of settings hold that may have lines, or are files.
const TEXTS: [&str; 4] = [
    "service_account",
    "certificate",
    "file",
    "application_credentials",
];

/// Names of settings, by what `object_store` calls them, that tell which servers are asked.
const PLACES: [&str; 10] = [
    "aws_endpoint",
    "aws_endpoint_url_s3",
    "aws_region",
    "aws_default_region",
    "aws_virtual_hosted_style_request",
    "azure_storage_account_name",
    "azure_storage_endpoint",
    "azure_storage_use_emulator",
    "azure_use_fabric_endpoint",
    "google_base_url",
];

/// The settings of the environment whose variables begin so, in the order of their names; what is no setting, or is empty, is left alone.
///
/// # Errors
/// `BadSettings` for what the clients of servers cannot make a request of: they would panic.
pub(crate) fn of_environment<K: FromStr>(prefix: &str) -> Result<Vec<(K, String)>> {
    let variables = env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(prefix))?;
        let key = name.to_ascii_lowercase().parse().ok()?;
        (!value.is_empty()).then_some((name, (key, value)))
    });
    let variables: BTreeMap<String, (K, std::ffi::OsString)> = variables.collect();
    let checked = variables.into_iter().map(|(name, (key, value))| {
        let value = value
            .into_string()
            .map_err(|_| bad(&name, "is no text in UTF-8"))?;
        check(&name, &value)?;
        Ok((key, value))
    });
    checked.collect()
}

/// Which servers the settings of the environment lead to, as a text that is the same for the same ones.
pub(crate) fn place<K: FromStr + AsRef<str>>(prefix: &str) -> Result<String> {
    of_environment(prefix).map(|settings: Vec<(K, String)>| place_among(&settings))
}

fn place_among<K: AsRef<str>>(settings: &[(K, String)]) -> String {
    let of_place = settings
        .iter()
        .map(|(key, value)| (key.as_ref(), value.as_str()))
        .filter(|(key, _)| PLACES.contains(key));
    // Of two variables of one setting the last one counts.
    let of_place: BTreeMap<&str, &str> = of_place.collect();
    let lines = of_place.iter().map(|(key, value)| format!("{key}={value}\n"));
    lines.collect()
}

/// Sees that a value can be what its variable is for. Of no value anything is told: it may be a password.
fn check(variable: &str, value: &str) -> Result<()> {
    let name = variable.to_ascii_lowercase();
    let is_any = |kinds: &[&str]| kinds.iter().any(|kind| name.contains(kind));
    let ends = |kinds: &[&str]| kinds.iter().any(|kind| name.ends_with(kind));
    if is_any(&TEXTS) {
        return Ok(());
    }
    if ends(&URLS) && !ends(&YES_OR_NO) {
        return match is_url(value) {
            true => Ok(()),
            false => Err(bad(
                variable,
                "is no URL of a server, such as https://host or http://host:9000",
            )),
        };
    }
    if value.contains(char::is_control) {
        return Err(bad(
            variable,
            "has a line break or another control character in it",
        ));
    }
    let can_be_sent = value.is_ascii() && value.trim() == value && HeaderValue::from_str(value).is_ok();
    if is_any(&CREDENTIALS) && !can_be_sent {
        return Err(bad(
            variable,
            "has characters in it that no credentials have: a blank at an end, or letters that are not of ASCII",
        ));
    }
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if name.ends_with("_region") && !is_word {
        return Err(bad(variable, "is no name of a region"));
    }
    Ok(())
}

/// `http` or `https`, and a server. It is used as it stands: what a reader of URLs forgives, a request does not.
fn is_url(value: &str) -> bool {
    let has_odd = value.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii());
    let url = Url::parse(value).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && value.contains("://"));
    let has_more = url
        .as_ref()
        .is_some_and(|url| url.query().is_some() || url.fragment().is_some());
    !has_odd && !has_more && url.is_some_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

fn bad(variable: &str, why: &str) -> Error {
    Error::new(ErrorKind::BadSettings(format!("{variable} {why}")))
}

#[cfg(test)]
mod tests {
    use object_store::aws::AmazonS3ConfigKey;
    use object_store::azure::AzureConfigKey;
    use object_store::gcp::GoogleConfigKey;

    use super::*;

    fn told(variable: &str, value: &str) -> Option<String> {
        check(variable, value).err().map(|error| error.to_string())
    }

    #[test]
    fn what_is_no_url_is_told_by_its_variable() {
        for variable in [
            "AWS_ENDPOINT",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_METADATA_ENDPOINT",
            "AZURE_STORAGE_ENDPOINT",
            "AZURE_ENDPOINT",
            "GOOGLE_BASE_URL",
        ] {
            for value in [
                "localhost:9000",
                "minio",
                "127.0.0.1:9000",
                "not a url",
                "http://host ",
                "http://host\n",
                "http:host",
                "http://",
                "ftp://host",
                "http://host/?x",
            ] {
                let told = told(variable, value).unwrap_or_else(|| panic!("{variable} {value:?}"));
                let start =
                    format!("the settings for it do not do: {variable} is no URL of a server, such as");
                assert!(told.starts_with(&start), "{told}");
            }
            for value in [
                "http://localhost:9000",
                "https://host.org/",
                "http://[::1]:9000/x",
            ] {
                assert_eq!(told(variable, value), None);
            }
        }
        assert_eq!(told("AZURE_USE_FABRIC_ENDPOINT", "true"), None);
    }

    #[test]
    fn credentials_that_cannot_be_sent_are_told_and_not_printed() {
        for variable in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AZURE_STORAGE_ACCOUNT_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
            "GOOGLE_BEARER_TOKEN",
        ] {
            for value in ["secret\n", "sec\r\nret", "secret ", "secr\u{e9}t", "\tsecret"] {
                let told = told(variable, value).unwrap_or_else(|| panic!("{variable} {value:?}"));
                assert!(told.contains(variable) && !told.contains("sec"), "{told}");
                assert_eq!(told.lines().count(), 1);
            }
            assert_eq!(told(variable, "se/cret+=%"), None);
        }
        assert!(told("AWS_REGION", "eu\n").is_some());
        assert!(told("AWS_DEFAULT_REGION", "eu west").is_some());
        assert_eq!(told("AWS_REGION", "eu-west-1"), None);
        assert_eq!(told("GOOGLE_SERVICE_ACCOUNT_KEY", "{\n}\n"), None);
    }

    #[test]
    fn the_place_is_that_of_servers_and_has_no_credentials() {
        let of = |settings: &[(&str, &str)]| {
            let settings: Vec<(AmazonS3ConfigKey, String)> = settings
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), (*value).to_owned()))
                .collect();
            place_among(&settings)
        };
        let one = of(&[("aws_endpoint", "http://a"), ("aws_secret_access_key", "secret")]);
        assert_eq!(one, "aws_endpoint=http://a\n");
        assert_eq!(
            of(&[("aws_endpoint", "http://b"), ("aws_endpoint_url", "http://a")]),
            one
        );
        assert_ne!(of(&[("aws_endpoint_url_s3", "http://b")]), of(&[]));
        for name in [
            "azure_storage_account_name",
            "azure_endpoint",
            "azure_storage_use_emulator",
        ] {
            let key: AzureConfigKey = name.parse().unwrap_or_else(|_| panic!("{name}"));
            assert!(place_among(&[(key, "x".to_owned())]).ends_with("=x\n"), "{name}");
        }
        let key: GoogleConfigKey = "google_base_url".parse().unwrap();
        assert_eq!(place_among(&[(key, "x".to_owned())]), "google_base_url=x\n");
    }
}
