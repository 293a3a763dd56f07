import Foundation
import Glibc
import Synchronization

/// A name server that answers what a test says, by datagrams and by streams, on one port of 127.0.0.1.
package final class DNSStandIn: Sendable {
    package enum Record: Sendable {
        case a(UInt8, UInt8, UInt8, UInt8)
        case aaaa([UInt8])
        /// Parts of up to 255 bytes.
        case txt([String])
        case mx(UInt16, String)
        case ptr(String)
        case cname(String)
        /// Of a type, as they are.
        case raw(UInt16, [UInt8])
    }

    package enum Answer: Sendable {
        case records([Record])
        /// Too many for a datagram; a stream gets them all.
        case cut([Record])
        case code(UInt8)
        case silence
        /// Before the right one another with a wrong number, and one to another question.
        case afterForgeries([Record])
        case bytes([UInt8])
    }

    package struct Question: Sendable, Hashable {
        package var name: String
        package var type: UInt16
        package var isStream: Bool
    }

    package let port: UInt16
    private let answer: @Sendable (Question) -> Answer
    private let asked = Mutex<[Question]>([])

    package init(_ answer: @escaping @Sendable (Question) -> Answer) throws {
        self.answer = answer
        let (datagrams, streams) = try boundTogether()
        port = portNumber(of: datagrams)
        listen(streams, 16)
        Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                var from = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let count = withUnsafeMutablePointer(to: &from) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(datagrams, &buffer, buffer.count, 0, $0, &size)
                    }
                }
                guard count > 0 else { return }
                for message in messages(Array(buffer[..<count]), isStream: false) {
                    _ = withUnsafePointer(to: &from) {
                        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                            sendto(datagrams, message, message.count, 0, $0, size)
                        }
                    }
                }
            }
        }.start()
        Thread { [self] in
            while true {
                let socket = accept(streams, nil, nil)
                guard socket >= 0 else { return }
                var buffer = [UInt8](repeating: 0, count: 65536)
                var bytes: [UInt8] = []
                while bytes.count < 2 || bytes.count < 2 + Int(bytes[0]) << 8 + Int(bytes[1]) {
                    let count = recv(socket, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    bytes += buffer[..<count]
                }
                for message in messages(Array(bytes.dropFirst(2)), isStream: true) {
                    let whole = word(UInt16(message.count)) + message
                    // In two parts, as streams come.
                    send(socket, whole, 1, Int32(MSG_NOSIGNAL))
                    _ = whole.withUnsafeBytes {
                        send(socket, $0.baseAddress! + 1, $0.count - 1, Int32(MSG_NOSIGNAL))
                    }
                }
                close(socket)
            }
        }.start()
    }

    package var questions: [Question] { asked.withLock { $0 } }

    private func messages(_ query: [UInt8], isStream: Bool) -> [[UInt8]] {
        guard query.count > 12 else { return [] }
        var labels: [String] = [], place = 12
        while query[place] != 0 {
            let end = place + 1 + Int(query[place])
            labels.append(String(decoding: query[(place + 1)..<end], as: UTF8.self))
            place = end
        }
        let type = UInt16(query[place + 1]) << 8 | UInt16(query[place + 2])
        let question = Question(name: labels.joined(separator: "."), type: type, isStream: isStream)
        asked.withLock { $0.append(question) }
        let head = Array(query[..<(place + 5)])
        switch answer(question) {
        case .records(let records): return [message(head, 0, records)]
        case .cut(let records):
            return [isStream ? message(head, 0, records) : message(head, 0, [], isCut: true)]
        case .code(let code): return [message(head, code, [])]
        case .silence: return []
        case .afterForgeries(let records):
            var number = head, name = head
            number[0] ^= 0xFF
            name[13] ^= 1
            let forged = [Record.txt(["forged"])]
            return [message(number, 0, forged), message(name, 0, forged), head, message(head, 0, records)]
        case .bytes(let bytes):
            return [message(head, 0, []).prefix(6) + [0, 1] + message(head, 0, []).dropFirst(8) + bytes]
        }
    }

    private func message(_ query: [UInt8], _ code: UInt8, _ records: [Record], isCut: Bool = false) -> [UInt8]
    {
        var bytes = query
        bytes[2] = 0x81 | (isCut ? 2 : 0)
        bytes[3] = 0x80 | code
        bytes.replaceSubrange(4..<12, with: word(1) + word(UInt16(records.count)) + word(0) + word(0))
        for record in records {
            let (type, data) = written(record)
            // The name is the question's.
            bytes += [0xC0, 12] + word(type) + word(1) + word(0) + word(60) + word(UInt16(data.count)) + data
        }
        return bytes
    }

    private func written(_ record: Record) -> (UInt16, [UInt8]) {
        switch record {
        case .a(let a, let b, let c, let d): (1, [a, b, c, d])
        case .aaaa(let bytes): (28, bytes)
        case .txt(let parts): (16, parts.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) })
        case .mx(let preference, let host): (15, word(preference) + name(host))
        case .ptr(let host): (12, name(host))
        case .cname(let host): (5, name(host))
        case .raw(let type, let bytes): (type, bytes)
        }
    }

    private func name(_ host: String) -> [UInt8] {
        host.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
}

private func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

/// A free port for datagrams may be another's for streams.
private func boundTogether() throws -> (Int32, Int32) {
    for _ in 0..<100 {
        let datagrams = try bound(SOCK_DGRAM, to: 0)
        if let streams = try? bound(SOCK_STREAM, to: portNumber(of: datagrams)) {
            return (datagrams, streams)
        }
        close(datagrams)
    }
    throw StandInFailure("no port for both")
}

private func bound(_ kind: __socket_type, to port: UInt16) throws -> Int32 {
    let made = socket(AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &name) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard code == 0 else { throw StandInFailure("bind: \(errno)") }
    return made
}

private func portNumber(of socket: Int32) -> UInt16 {
    var name = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &name) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    return UInt16(bigEndian: name.sin_port)
}
