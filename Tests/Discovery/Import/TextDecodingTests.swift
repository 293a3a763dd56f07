import Testing

@testable import Discovery

@Suite struct TextDecodingTests {
    @Test func `an empty file is said to be empty`() {
        #expect(throws: FileFault(.empty, "The file is empty.")) { _ = try TextDecoding.detect([]) }
    }
}
