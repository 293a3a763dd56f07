import Foundation

/// The server of Python's world, over STARTTLS and with a password (`bot@bureau.test`, `pa55`).
package final class AiosmtpdServer {
    package let certificate: TestCertificate
    package let port: Int
    private let server: ServerProcess

    private static let program = """
        import asyncio, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

        folder, certificate, key = sys.argv[1:4]

        class Keeper:
            count = 0

            async def handle_DATA(self, server, session, envelope):
                self.count += 1
                with open(f"{folder}/{self.count}.mail", "wb") as file:
                    file.write(envelope.original_content)
                return "250 2.0.0 kept"

        def authenticate(server, session, envelope, mechanism, data):
            known = data == LoginPassword(b"bot@bureau.test", b"pa55")
            return AuthResult(success=known, handled=False)

        async def main():
            keeper, context = Keeper(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            def talk():
                return SMTP(keeper, hostname="mail.example", tls_context=context, require_starttls=True,
                            auth_required=True, authenticator=authenticate, enable_SMTPUTF8=True)
            server = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
            print("port", server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()

        asyncio.run(main())
        """

    package init() throws {
        certificate = try TestCertificate(for: "mail.example")
        server = try ServerProcess()
        try server.write(Self.program, to: "server.py")
        // The system's Python has the system's packages.
        try server.start([
            "/usr/bin/python3", "\(server.folder)/server.py", server.folder, certificate.path,
            certificate.keyPath,
        ])
        guard let port = Int(try server.line(with: "port ").dropFirst(5)) else {
            throw StandInFailure("no port")
        }
        self.port = port
    }

    /// The mails that it has taken, as they came.
    package var mails: [[UInt8]] {
        var mails: [[UInt8]] = []
        while let mail = FileManager.default.contents(atPath: "\(server.folder)/\(mails.count + 1).mail") {
            mails.append(Array(mail))
        }
        return mails
    }
}
