import Testing

/// Runs the tests of all targets. With it SwiftPM need not look for tests of XCTest in an index, which would take a
/// third of the compiler's time.
@main
struct Tests {
    static func main() async { await Testing.__swiftPMEntryPoint() as Never }
}
