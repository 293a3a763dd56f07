import Foundation
import Glibc
import StandIns
import Testing

@testable import HTTPClient

/// A server of OpenSSL's own, with a certificate that it made out itself.
private final class SecureStandIn {
    let certificate: TestCertificate
    let port: Int
    private let server = Process()

    init(for name: String) throws {
        certificate = try TestCertificate(for: name)
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key",
            certificate.keyPath,
            "-www",
        ]
        server.standardOutput = output
        server.standardError = nil
        server.standardInput = Pipe()
        try server.run()
        var said = ""
        while !said.contains("\n") || !said.contains("ACCEPT ") {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { throw CocoaError(.fileReadUnknown) }
            said += String(decoding: part, as: UTF8.self)
        }
        port = Int(said.split(separator: "\n").first { $0.contains("ACCEPT ") }!.split(separator: ":").last!)!
    }

    deinit {
        // It has the mask of the thread that started it, which lets no gentler signal through.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }
}

@Suite struct TLSTests {
    private func get(_ server: SecureStandIn, _ host: String, trusted: Bool = true) async throws -> Int {
        let client = makeClient {
            if trusted { $0.certificates = server.certificate.path }
            $0.lookUp = { _ in [IPAddress("127.0.0.1")!] }
        }
        defer { withExtendedLifetime(server) {} }
        return try await client.get("https://\(host):\(server.port)/").status
    }

    @Test func `a server is who its certificate says, and nobody else`() async throws {
        let server = try SecureStandIn(for: "secure.example")
        #expect(try await get(server, "secure.example") == 200)
        for (host, trusted) in [("other.example", true), ("127.0.0.1", true), ("secure.example", false)] {
            let failure = await #expect(throws: HTTPClientError.self) {
                try await get(server, host, trusted: trusted)
            }
            guard case .tls = failure else {
                Issue.record("\(host), trusted: \(trusted): \(String(describing: failure))")
                continue
            }
        }
    }

    @Test func `https is not spoken with who does not`() async throws {
        let server = try SecureStandIn(for: "secure.example")
        await #expect(throws: HTTPClientError.self) {
            try await makeClient().get("http://127.0.0.1:\(server.port)/")
        }
        withExtendedLifetime(server) {}
    }
}
