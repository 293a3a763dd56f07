import Testing

@testable import HTTPClient

@Suite struct EventStreamReaderTests {
    private static let text = """
        : a comment\r\nid: 7\r\nevent: lead.created\r\ndata: {"a":1}\r\n\r\ndata: first\ndata:second\nretry: 5\n\nid: 9\n\n\
        data\r\rdata: ä\n\n
        """

    private static let frames = [
        EventStreamReader.Frame(id: "7", event: "lead.created", data: #"{"a":1}"#),
        EventStreamReader.Frame(data: "first\nsecond"), EventStreamReader.Frame(data: ""),
        EventStreamReader.Frame(data: "ä"),
    ]

    @Test func `events are read whole`() {
        var reader = EventStreamReader()
        #expect(reader.read(Array(Self.text.utf8)) == Self.frames)
        #expect(reader.size == 0)
    }

    @Test func `wherever the stream is cut, the events are the same`() {
        let bytes = Array(Self.text.utf8)
        for cut in 0...bytes.count {
            var reader = EventStreamReader()
            #expect(
                reader.read(Array(bytes[..<cut])) + reader.read(Array(bytes[cut...])) == Self.frames,
                "at \(cut)")
        }
        var reader = EventStreamReader()
        #expect(bytes.flatMap { reader.read([$0]) } == Self.frames)
    }

    @Test func `an event without its end is none yet`() {
        var reader = EventStreamReader()
        #expect(reader.read(Array("data: half".utf8)).isEmpty)
        #expect(reader.size == 10)
    }
}
