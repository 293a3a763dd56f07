package import Jobs

/// Choices that tests make by chance, the same in every run.
extension SeededRandom {
    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    package mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}
