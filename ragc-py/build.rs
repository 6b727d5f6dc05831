//! Where a module of Python is linked otherwise than a library (macOS), the linker is told.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
