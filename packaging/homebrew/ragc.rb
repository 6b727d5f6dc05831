class Ragc < Formula
  desc "Compresses collections of assembled genomes into AGC archives"
  homepage "https://example.org/ragc"
  url "https://example.org/ragc-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args(path: "ragc-cli")
    system bin/"ragc", "man", man1
    generate_completions_from_executable(bin/"ragc", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    (testpath/"s.fa").write(">c\nACGTACGTNN\n")
    system bin/"ragc", "create", "-o", "s.agc", "s.fa"
    assert_equal (testpath/"s.fa").read, shell_output("#{bin}/ragc getset s.agc s")
    # What is on servers is the work of a program of its own, which is installed beside.
    assert_equal shell_output("#{bin}/ragc --version"), shell_output("#{bin}/ragc-net --version")
  end
end
