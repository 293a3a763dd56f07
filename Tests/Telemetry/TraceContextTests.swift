import Telemetry
import Testing

@Suite struct TraceContextTests {
    private let ids = TraceIDSource(seed: 1)
    private let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `a valid trace is continued with a part of its own`() {
        let trace = TraceContext(continuing: header, ids: ids)
        #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.parent == 0x00f0_67aa_0ba9_02b7)
        #expect(trace.isSampled && trace.span != trace.parent && trace.span != 0)
        let onwards = TraceContext(continuing: trace.traceparent, ids: ids)
        #expect(onwards.traceID == trace.traceID && onwards.parent == trace.span && onwards.isSampled)
        #expect(
            trace.traceparent.utf8.count == 55
                && trace.traceparent.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-"))
    }

    @Test(arguments: [
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe",
    ])
    func `later versions and flags are read as far as known`(header: String) {
        let trace = TraceContext(continuing: header, ids: ids)
        #expect(
            trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.parent != nil && !trace.isSampled)
    }

    @Test(arguments: [
        nil, "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
    ])
    func `anything else begins a trace`(header: String?) {
        let trace = TraceContext(continuing: header, ids: ids)
        #expect(
            trace.parent == nil && !trace.isSampled && trace.traceID != "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(TraceContext(continuing: trace.traceparent, ids: ids).traceID == trace.traceID)
    }

    @Test(arguments: [
        ("abc-DEF_0.9", true), ("a", true), (String(repeating: "a", count: 128), true), ("", false),
        (String(repeating: "a", count: 129), false), ("a b", false), ("a\n", false), ("ä", false),
        ("a\"", false), ("<a>", false),
    ])
    func `only a sane request id is taken`(id: String, isSane: Bool) {
        let trace = TraceContext(continuing: nil, ids: ids)
        #expect(trace.requestID(incoming: id) == (isSane ? id : trace.traceID))
        #expect(
            trace.requestID(incoming: nil) == trace.traceID && TraceContext.isSaneRequestID(trace.traceID))
    }

    @Test func `numbers differ, and repeat with their seed only`() {
        let (a, b, c) = (TraceIDSource(seed: 7), TraceIDSource(seed: 7), TraceIDSource())
        let numbers = (0..<1000).map { _ in a.next() }
        #expect(Set(numbers).count == 1000 && numbers == (0..<1000).map { _ in b.next() })
        #expect(Set(numbers).isDisjoint(with: (0..<1000).map { _ in c.next() }))
    }
}
