internal import Glibc
internal import JSON
internal import StandIns

/// A mail server for other processes: takes every mail, keeps none, and counts. It says where it listens, then how
/// many mails have come for each line that it is sent, until its input ends.
enum MailSink {
    static func run() throws {
        let server = try SMTPStandIn { $0.keepsBytes = false }
        say(JSON.string(server.url).serialized)
        while readLine() != nil { say("\(server.mailCount)") }
    }

    private static func say(_ line: String) {
        let line = line + "\n"
        Glibc.write(STDOUT_FILENO, line, line.utf8.count)
    }
}
