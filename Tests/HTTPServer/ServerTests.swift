import Testing

@testable import HTTPServer

@Suite struct ServerTests {
    @Test func `a server on port 0 has a port once started`() throws {
        let server = HTTPServer(HTTPServerConfiguration()) { _ in .reject(Response(status: 404)) }
        try server.start()
        #expect(server.port > 0)
        server.stop()
    }
}
