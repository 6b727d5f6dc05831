//! Archives and files on servers: real ones, started here on the loopback interface, and one that misbehaves.

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../bench/mod.rs"]
mod bench;

mod azurite;
mod buckets;
mod cached;
mod downloads;
mod failures;
mod handing_over;
mod local_server;
mod nginx;
mod odd_server;
mod other_buckets;
mod reading;
mod readme;
mod requests;
mod s3_server;
mod sample_archive;
mod writing;
