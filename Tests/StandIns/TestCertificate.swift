import CTLS
import Foundation
import Glibc
import Synchronization

/// Removed at the end, at the latest: a server that still listens then keeps its certificate.
private let folders = Mutex<[String]>([])
private let removal: Void = {
    atexit { for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) } }
}()

/// A certificate that a server made out itself, in files that go with it.
package final class TestCertificate: @unchecked Sendable {
    package let path: String
    package let keyPath: String
    // The library's context may be used by several threads once it is set.
    let context: OpaquePointer
    private let folder: String

    /// `name` is a host's, or an address of IPv4.
    package init(for name: String) throws {
        var template = Array("/tmp/bureau-tls-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        folders.withLock { [folder] in $0.append(folder) }
        removal
        path = folder + "/certificate.pem"
        keyPath = folder + "/key.pem"
        let isAddress = name.allSatisfy { $0.isNumber || $0 == "." }
        _ = try runTool([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", keyPath, "-out", path, "-days", "2", "-subj", "/CN=\(name)", "-addext",
            "subjectAltName=\(isAddress ? "IP" : "DNS"):\(name)",
        ])
        guard let context = SSL_CTX_new(TLS_server_method()),
            SSL_CTX_use_certificate_file(context, path, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_use_PrivateKey_file(context, keyPath, SSL_FILETYPE_PEM) == 1
        else { throw StandInFailure("no certificate") }
        self.context = context
    }

    deinit {
        SSL_CTX_free(context)
        try? FileManager.default.removeItem(atPath: folder)
    }
}
