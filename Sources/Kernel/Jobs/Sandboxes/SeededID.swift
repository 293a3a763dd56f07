internal import Cryptography
package import Database
package import Nouns
internal import Telemetry

/// The identifiers of a sandbox: made of its seed, its clock and how many were made before, all of which stand
/// in its row, so that the same work gives the same identifiers, whenever and wherever it is done.
struct SeededID {
    /// From 1 for the first identifier.
    let count: Int64
    let seed: Int64
    let now: Instant
    /// No identifier is of an earlier time: records that were copied sort before those that are made.
    let floor: Instant

    /// 48 bits of milliseconds, 40 that count, so that later ones sort later, and 40 that look random.
    var value: UniqueID {
        let number = UInt64(bitPattern: count) & (1 << 40 - 1)
        var random = SeededRandom(seed: UInt64(bitPattern: seed) ^ number &* 0x9E37_79B9_7F4A_7C15)
        return made(of: number, random.next() >> 24)
    }

    /// Returns an identifier that a name decides instead of count and chance. The first bit of those that count is set,
    /// which no count reaches.
    func named(_ name: String) -> UniqueID {
        let digest = SHA256.hash("\(seed)\n\(name)").prefix(10).map(UInt64.init)
        func bits(_ bytes: ArraySlice<UInt64>) -> UInt64 { bytes.reduce(0) { $0 << 8 | $1 } }
        return made(of: bits(digest[..<5]) | 1 << 39, bits(digest[5...]))
    }

    private func made(of number: UInt64, _ tail: UInt64) -> UniqueID {
        let milliseconds = UInt64(clamping: max(now, floor).microseconds / 1000) & (1 << 48 - 1)
        return UniqueID(high: milliseconds << 16 | number >> 24, low: number << 40 | tail)
    }
}

extension Transaction {
    /// Returns a new identifier of the tenant's.
    package func makeID<Noun: Identified>(_ type: Noun.Type = Noun.self) -> ID<Noun> { ID(nextID()) }

    /// A new id of the tenant's: the prefix, then 26 characters that sort by the time of their making.
    package func makeID(_ prefix: StaticString) -> String {
        var text = Array(prefix.description.utf8)
        nextID().write(into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns an id for what follows from other records by itself, named after them. A sandbox does not count it: the
    /// ids of everything else are the same, whether it was copied along or is found there anew.
    package func derivedID(_ name: String) throws -> UniqueID {
        guard sandboxClock.isSandbox else { return runtime.nextID() }
        let made = try first(seedOfSandbox, [tenant.sqlValue]) { row in
            SeededID(count: 0, seed: row.int64(0), now: now, floor: row.instant(1))
        }
        guard let made else { throw RuntimeError.notFound }
        return made.named(name)
    }

    /// Returns a new id of the tenant's as a value, without a prefix. A sandbox's is counted in this transaction, and
    /// so is not made when it fails. Where the count cannot be stored, nothing of the transaction can be: it fails at
    /// its end, and a caller that only wants a name for something need not be ready for that.
    package func nextID() -> UniqueID {
        guard sandboxClock.isSandbox else { return runtime.nextID() }
        do {
            let made = try first(countID, [tenant.sqlValue]) { row in
                SeededID(count: row.int64(0), seed: row.int64(1), now: now, floor: row.instant(2))
            }
            guard let made else { throw RuntimeError.notFound }
            return made.value
        } catch {
            afterSavepoints { throw error }
            return .zero
        }
    }
}

private let countID = Statement(
    "UPDATE runtime_tenants SET id_count = id_count + 1 WHERE tenant_id = $1 RETURNING id_count, seed, id_floor"
)

private let seedOfSandbox = Statement("SELECT seed, id_floor FROM runtime_tenants WHERE tenant_id = $1")
