internal import Synchronization
package import Telemetry

/// The memory that each reading connection may take: the page cache of a file's, the working memory of a server's. It
/// begins as configured, and is set anew by what was measured.
package final class DatabaseMemory: Sendable {
    private let size = Atomic<Int>(0)
    private let hits = Atomic<Int>(0), misses = Atomic<Int>(0)

    /// As it was set; `nil` where it is as configured.
    var kilobytes: Int? {
        let set = size.load(ordering: .relaxed)
        return set == 0 ? nil : set
    }

    func set(_ kilobytes: Int) { size.store(kilobytes, ordering: .relaxed) }

    func count(hits: Int, misses: Int) {
        self.hits.wrappingAdd(hits, ordering: .relaxed)
        self.misses.wrappingAdd(misses, ordering: .relaxed)
    }

    /// Returns by how much counts of a server have grown since this was asked last; nothing the first time.
    func since(found: Int, missed: Int) -> (found: Int, missed: Int) {
        let before = (
            hits.exchange(found, ordering: .relaxed), misses.exchange(missed, ordering: .relaxed)
        )
        guard before.0 > 0 else { return (0, 0) }
        return (max(0, found - before.0), max(0, missed - before.1))
    }

    func take() -> (hits: Int, misses: Int) {
        (hits.exchange(0, ordering: .relaxed), misses.exchange(0, ordering: .relaxed))
    }
}

/// The use that connections have made of their memory since the last measurement.
package struct MemoryUse: Sendable, Hashable {
    /// The memory that each connection may take, and how many there are.
    package let kilobytes: Int, connections: Int
    /// Pages that were found in memory, and that were read from the file; of a server, what it kept on its disk since
    /// its memory did not hold it.
    package let found: Int, missed: Int

    package init(kilobytes: Int, connections: Int, found: Int, missed: Int) {
        (self.kilobytes, self.connections) = (kilobytes, connections)
        (self.found, self.missed) = (found, missed)
    }
}

/// Decides how much memory each reading connection may take, by what was measured: twice as much where much was not
/// found in memory and the machine has room, half as much where the machine has little left.
package struct MemoryPlan: Sendable {
    package static let bounds = 2048...65_536
    /// Fewer accesses say nothing.
    private static let accessesMin = 10_000
    /// From this share on that was not found, more memory is given.
    private static let missedMax = 0.05
    /// The machine has little left below this share, and gives at most a quarter of what is left.
    private static let freeMin = 0.1, givenMax = 0.25

    /// The new size; `nil`: it stays.
    package let kilobytes: Int?

    package init(_ use: MemoryUse, _ machine: MachineMemory?) {
        guard let machine else {
            kilobytes = nil
            return
        }
        let now = use.kilobytes, accesses = use.found + use.missed
        if Double(machine.available) < Double(machine.total) * Self.freeMin {
            kilobytes = now > Self.bounds.lowerBound ? max(Self.bounds.lowerBound, now / 2) : nil
            return
        }
        let more = Double(now * 1024) * Double(max(1, use.connections))
        let isWanted = accesses >= Self.accessesMin && Double(use.missed) > Double(accesses) * Self.missedMax
        let isThere = more < Double(machine.available) * Self.givenMax
        kilobytes = isWanted && isThere && now * 2 <= Self.bounds.upperBound ? now * 2 : nil
    }
}

extension Database {
    /// Measures how the connections have used their memory since this was asked last. May block.
    package func memoryUse() throws -> MemoryUse {
        let memory = configuration.memory
        switch engine {
        case .sqlite(let engine):
            let (hits, misses) = memory.take()
            return MemoryUse(
                kilobytes: memory.kilobytes ?? configuration.cacheKilobytes,
                connections: engine.readers.openConnections, found: hits, missed: misses)
        case .postgreSQL(let engine): return try engine.memoryUse()
        }
    }

    /// Gives each reading connection so much memory from its next reads on.
    package func giveMemory(kilobytes: Int) {
        let bounds = MemoryPlan.bounds
        configuration.memory.set(min(max(kilobytes, bounds.lowerBound), bounds.upperBound))
    }
}
