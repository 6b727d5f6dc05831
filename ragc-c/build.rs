//! Gives the shared library the name by which programs find it. The number changes when programs have to be compiled anew.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let name = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => "-Wl,-install_name,@rpath/libragc.0.dylib",
        _ => "-Wl,-soname,libragc.so.0",
    };
    println!("cargo::rustc-cdylib-link-arg={name}");
}
