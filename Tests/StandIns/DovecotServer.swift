package import Foundation
import Glibc
import Synchronization

/// Dovecot, with one user who has a password (`pa55`), and one who has a token (`ya29.tok`) instead.
package final class DovecotServer {
    package static let user = "bot@bureau.test", password = "pa55"
    package static let tokenUser = "token@bureau.test", token = "ya29.tok"

    package let certificate: TestCertificate
    package let port: Int, securePort: Int
    private let server: ServerProcess
    private let owner: (user: uid_t, group: gid_t)
    private let delivered = Mutex(0)

    package init() throws {
        certificate = try TestCertificate(for: "mail.example")
        server = try ServerProcess()
        (port, securePort) = (try freePort(), try freePort())
        let folder = server.folder
        // Root's own mail it will not touch; and it changes to another user only as root.
        let name = geteuid() == 0 ? "nobody" : String(cString: getpwuid(geteuid()).pointee.pw_name)
        let entry = getpwnam(name).pointee
        let (user, group) = (entry.pw_uid, entry.pw_gid)
        owner = (user, group)
        let groupName = String(cString: getgrgid(group).pointee.gr_name)
        for path in ["run", "mail", "home"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
            if path != "run" { chown("\(folder)/\(path)", user, group) }
        }
        try server.write(
            "\(Self.user):{PLAIN}\(Self.password)\n\(Self.tokenUser):{PLAIN}\(Self.token)\n", to: "users")
        try server.write(
            """
            base_dir = \(folder)/run
            state_dir = \(folder)/run
            protocols = imap
            listen = 127.0.0.1
            log_path = /dev/stderr
            ssl = yes
            ssl_cert = <\(certificate.path)
            ssl_key = <\(certificate.keyPath)
            disable_plaintext_auth = no
            auth_mechanisms = plain login xoauth2
            auth_failure_delay = 0
            mail_location = maildir:\(folder)/mail/%u
            default_internal_user = \(name)
            default_internal_group = \(groupName)
            default_login_user = \(name)
            first_valid_uid = 1
            first_valid_gid = 0
            namespace inbox {
              inbox = yes
              mailbox Sent {
                auto = create
                special_use = \\Sent
              }
            }
            passdb {
              driver = passwd-file
              args = \(folder)/users
            }
            userdb {
              driver = static
              args = uid=\(user) gid=\(group) home=\(folder)/home/%u
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = \(port)
              }
              inet_listener imaps {
                port = \(securePort)
                ssl = yes
              }
            }
            service anvil {
              chroot =
              # Failures make nobody wait.
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """, to: "dovecot.conf")
        // Not on everybody's path.
        try server.start(["/usr/sbin/dovecot", "-F", "-c", "\(folder)/dovecot.conf"])
        // It listens before it says so.
        _ = try server.line(with: "starting up")
    }

    /// Puts a mail into a user's INBOX, as a server of SMTP beside it would, at once or with an age.
    package func deliver(_ mail: String, to user: String = user, at moment: Date? = nil) throws {
        let files = FileManager.default, box = maildir(of: user)
        for name in ["", "/tmp", "/new", "/cur"] where !files.fileExists(atPath: box + name) {
            try files.createDirectory(atPath: box + name, withIntermediateDirectories: true)
            chown(box + name, owner.user, owner.group)
        }
        let number = delivered.withLock { count in
            count += 1
            return count
        }
        // In the order of their names they get their numbers.
        let name = "\(1_700_000_000 + number).M\(number)P\(getpid()).test"
        let path = "\(box)/tmp/\(name)"
        try Data(mail.replacing("\n", with: "\r\n").utf8).write(to: URL(fileURLWithPath: path))
        chown(path, owner.user, owner.group)
        if let moment { try files.setAttributes([.modificationDate: moment], ofItemAtPath: path) }
        try files.moveItem(atPath: path, toPath: "\(box)/new/\(name)")
    }

    /// Forgets the numbers of a user's mails: they get new ones, under another UIDVALIDITY.
    package func renumber(_ user: String = user) throws {
        let files = FileManager.default, box = maildir(of: user)
        for name in try files.contentsOfDirectory(atPath: box) where name.hasPrefix("dovecot") {
            try? files.removeItem(atPath: "\(box)/\(name)")
        }
    }

    private func maildir(of user: String) -> String { "\(server.folder)/mail/\(user)" }
}

/// A port that nobody has, below those that the kernel gives to outgoing connections: none of these takes it before
/// the server listens.
func freePort() throws -> Int {
    for _ in 0..<100 {
        let port = Int.random(in: 20_000..<32_000)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return port }
    }
    throw StandInFailure("no port is free")
}
