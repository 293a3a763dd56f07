import Testing

@testable import Messages

@Suite struct BatchSizeTests {
    private func sizes(_ took: Duration, _ times: Int, of count: Int? = nil) -> [Int] {
        var size = BatchSize()
        return (0..<times).map { _ in
            size.note(took, of: count ?? size.mails)
            return size.mails
        }
    }

    @Test func `batches of mails grow while they are fast, and shrink while they are slow, within bounds`() {
        #expect(sizes(.milliseconds(200), 4) == [40, 80, 100, 100])
        #expect(sizes(.seconds(6), 4) == [10, 5, 5, 5])
        #expect(sizes(.milliseconds(999), 1) == [40] && sizes(.seconds(1), 1) == [20])
        #expect(sizes(.milliseconds(4999), 1) == [20] && sizes(.seconds(5), 1) == [10])
        #expect(sizes(.milliseconds(1), 2, of: 3) == [20, 20], "of few mails nothing is learned")
    }
}
