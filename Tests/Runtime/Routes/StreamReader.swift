import Glibc
import HTTPServer
import JSON
import Synchronization
import Testing

/// Follows an event stream over a real socket, on a thread of its own.
final class StreamReader: Sendable {
    struct Frame: Sendable { var id = "", type = "", data = JSON.null }

    private struct State {
        var frames: [Frame] = []
        var isClosed = false
    }

    private let server: HTTPServer
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Returns once the headers are there.
    init(_ bench: RouteBench, _ target: String, headers: [(String, String)] = []) async throws {
        var configuration = HTTPServerConfiguration()
        configuration.threads = 1
        server = HTTPServer(configuration) { _ in
            .proceed(.buffered(limit: 65_536)) { request in
                .later { exchange in
                    Task { exchange.respond(try await bench.respond(to: request)) }
                }
            }
        }
        try server.start()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A timeval: seconds and microseconds.
        let patience = [300, 0]
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, patience, socklen_t(patience.count * MemoryLayout<Int>.size))
        var name = sockaddr_in()
        (name.sin_family, name.sin_port) = (sa_family_t(AF_INET), in_port_t(server.port).bigEndian)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let request = Array("GET \(target) HTTP/1.1\r\nHost: test\r\n\(lines)\r\n".utf8)
        try #require(send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        let head: String = await withCheckedContinuation { continuation in
            start { continuation.resume(returning: $0) }
        }
        #expect(
            head.hasPrefix("HTTP/1.1 200") && head.lowercased().contains("content-type: text/event-stream"))
    }

    deinit { Glibc.close(descriptor) }

    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    var count: Int { state.withLock { $0.frames.count } }

    func events(_ count: Int) async throws -> [Frame] {
        try await eventually("\(count) events") {
            state.withLock { $0.frames.count >= count ? $0.frames : nil }
        }
    }

    func closed() async throws {
        _ = try await eventually("the end of the stream") { state.withLock { $0.isClosed ? true : nil } }
    }

    private func start(_ headArrived: @escaping @Sendable (String) -> Void) {
        final class Work { let run: () -> Void; init(_ run: @escaping () -> Void) { self.run = run } }
        let work = Work { [self] in read(headArrived) }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        pthread_detach(thread)
    }

    private func read(_ headArrived: (String) -> Void) {
        var lines = LineReader(descriptor: descriptor)
        var head = ""
        while let line = lines.next(), !line.isEmpty { head += line + "\n" }
        headArrived(head)
        var frame = Frame()
        while let line = lines.next() {
            if let value = line.value(of: "id") { frame.id = value }
            if let value = line.value(of: "event") { frame.type = value }
            if let value = line.value(of: "data") { frame.data = (try? JSONParser.parse(value)) ?? .null }
            if line.isEmpty, !frame.id.isEmpty {
                state.withLock { [frame] in $0.frames.append(frame) }
                frame = Frame()
            }
            // The last chunk of the chunked coding.
            if line == "0" { break }
        }
        state.withLock { $0.isClosed = true }
    }
}

/// Lines as they come; the sizes of chunks among them look like no field of a frame.
private struct LineReader {
    let descriptor: Int32
    var pending: [UInt8] = []

    mutating func next() -> String? {
        while true {
            if let end = pending.firstIndex(of: 10) {
                let line = pending[..<end].filter { $0 != 13 }
                pending.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            guard got > 0 else { return nil }
            pending += buffer[..<got]
        }
    }
}

extension String {
    fileprivate func value(of field: String) -> String? {
        hasPrefix("\(field): ") ? String(dropFirst(field.count + 2)) : nil
    }
}
