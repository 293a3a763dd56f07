import Foundation
import StandIns
import Synchronization

@testable import HTTPClient

/// A client for stand-ins on 127.0.0.1 alone: every other address of this machine is as private as it is.
func makeClient(
    allowsPrivate: Bool = false, _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
) -> HTTPClient {
    var addresses = AddressGuard(allowsPrivate: allowsPrivate)
    addresses.exceptions = [IPAddress(v4: 0x7F00_0001)]
    var configuration = HTTPClientConfiguration(addresses)
    configuration.lookUp = { _ in [] }
    change(&configuration)
    return HTTPClient(configuration)
}

extension HTTPClient {
    func get(
        _ text: String, _ change: (inout HTTPClientRequest) -> Void = { _ in }
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest("GET", try OutboundURL(text))
        change(&request)
        return try await send(request)
    }
}

extension HTTPClientResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Names and their addresses, which may change from one lookup to the next.
final class Names: Sendable {
    private let answers: Mutex<[String: [[IPAddress]]]>
    let asked = Mutex(0)

    init(_ answers: [String: [[String]]]) {
        self.answers = Mutex(answers.mapValues { $0.map { $0.map { IPAddress($0)! } } })
    }

    @Sendable func lookUp(_ host: String) -> [IPAddress] {
        asked.withLock { $0 += 1 }
        return answers.withLock { answers in
            guard var list = answers[host], let first = list.first else { return [] }
            if list.count > 1 { list.removeFirst() }
            answers[host] = list
            return first
        }
    }
}

/// A value that several threads share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value { mutex.withLock { $0 } }
    func set(_ value: Value) { mutex.withLock { $0 = value } }
    func change(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

/// Opened once; waiting for it blocks, and is bounded.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func open() { semaphore.signal() }
    func wait() { _ = semaphore.wait(timeout: .now() + 30) }
}

/// Runs what blocks on a thread of its own: tests share few threads with the tasks they wait for.
func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread {
            body()
            continuation.resume()
        }.start()
    }
}
