//! Archives and files on servers: real ones, started here on the loopback interface, and one that misbehaves.

#[path = "../bench/mod.rs"]
mod bench;

mod buckets;
mod failures;
mod nginx;
mod odd_server;
mod reading;
mod requests;
mod s3_server;
mod sample_archive;
mod writing;
