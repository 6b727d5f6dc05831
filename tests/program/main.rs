//! The program as a whole: help, commands, exit statuses; programs that use the library.

mod clients;
mod commands;
mod compat;
mod help;
mod memmove;
