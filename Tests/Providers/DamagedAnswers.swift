import JSON
import StandIns
import Testing

/// An answer of a service as it was read.
enum Reading: Equatable, Sendable {
    case success(String)
    case failure(code: String)
}

/// Asks once while the service behaves, and then once for each way in which an answer that it gave may be damaged:
/// either nothing was lost that is needed, or there is a failure with a code. `first`: how the service meets the
/// request before those that are damaged. `ask` is given the number of the round.
func expectNoFalseSuccess(
    _ service: ServiceStandIn, after first: ServiceStandIn.Turn? = nil,
    _ ask: (_ round: Int) async throws -> Reading
) async throws {
    let before = service.answers.count
    if let first { service.next(first) }
    let whole = try await ask(0)
    guard case .success = whole else {
        Issue.record("A good answer is read as \(whole).")
        return
    }
    let answers = Array(service.answers.dropFirst(before))
    #expect(!answers.isEmpty)
    var round = 0
    for (index, answer) in answers.enumerated() {
        let damaged = answer.damaged()
        var failures = 0
        for (damage, bad) in damaged {
            round += 1
            if let first { service.next(first) }
            for good in answers[..<index] { service.next(.answer(good)) }
            service.next(.answer(bad))
            let reading = try await ask(round)
            if case .failure(let code) = reading {
                failures += 1
                #expect(!code.isEmpty, "\(damage)")
            } else {
                #expect(reading == whole, "\(damage): \(String(decoding: bad.body, as: UTF8.self))")
            }
        }
        #expect(damaged.isEmpty || failures > 0, "nothing of the answer was looked at")
    }
}

extension StandInAnswer {
    /// Returns an answer with each header left out or empty, cut off here and there, and with each of its
    /// values of a wrong type, left out, or, where they are texts and `emptied`, without any letter.
    func damaged(emptied: Bool = true) -> [(damage: String, answer: StandInAnswer)] {
        var all: [(damage: String, answer: StandInAnswer)] = []
        for (index, header) in headers.enumerated() {
            var (without, empty) = (self, self)
            without.headers.remove(at: index)
            empty.headers[index].1 = ""
            all.append(("without \(header.0)", without))
            all.append(("with an empty \(header.0)", empty))
        }
        guard let document = try? JSONParser.parse(body) else { return all }
        for length in Array(stride(from: 0, to: body.count, by: 7)) + [body.count - 1] {
            all.append(("cut off after \(length) bytes", with(Array(body.prefix(length)))))
        }
        for (damage, document) in document.damaged("", emptied) {
            all.append((damage, with(document.bytes)))
        }
        return all
    }

    private func with(_ body: [UInt8]) -> StandInAnswer {
        var answer = self
        answer.body = body
        return answer
    }
}

extension JSON {
    private static let types: [JSON] = [nil, true, 7, 0.5, "odd", ["odd"], ["odd": "odd"]]

    private var type: Int {
        switch self {
        case .null: 0
        case .bool: 1
        case .integer: 2
        case .number: 3
        case .string: 4
        case .array: 5
        case .object: 6
        }
    }

    /// A null has no type that would be wrong.
    fileprivate func damaged(_ place: String, _ emptied: Bool) -> [(damage: String, document: JSON)] {
        guard !isNull else { return [] }
        var all: [(damage: String, document: JSON)] = []
        for other in Self.types where other.type != type {
            all.append(("\(place) is \(other.serialized)", other))
        }
        switch self {
        case .string where emptied: all.append(("\(place) is empty", ""))
        case .array(let items):
            for (index, item) in items.enumerated() {
                for (damage, changed) in item.damaged("\(place)/\(index)", emptied) {
                    var whole = items
                    whole[index] = changed
                    all.append((damage, .array(whole)))
                }
            }
        case .object(let object):
            for (key, value) in object.members {
                var rest = object
                rest.remove(key)
                all.append(("\(place)/\(key) is left out", .object(rest)))
                for (damage, changed) in value.damaged("\(place)/\(key)", emptied) {
                    var whole = object
                    whole[key] = changed
                    all.append((damage, .object(whole)))
                }
            }
        default: break
        }
        return all
    }
}
