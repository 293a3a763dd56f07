/// The candidate that a misspelt word most likely means; `nil` when none is near.
package func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    let word = word.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let distance = editDistance(word, candidate.lowercased())
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(2, word.count / 3), best.distance < word.count else { return nil }
    return best.candidate
}

/// `; did you mean X?`, or nothing.
package func didYouMean(_ candidate: String?) -> String { candidate.map { "; did you mean \($0)?" } ?? "" }

/// Letters to insert, delete, replace, or exchange with their neighbour (the optimal string alignment distance).
package func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before = [Int](repeating: 0, count: b.count + 1)
    var above = Array(0...b.count)
    for i in 1...a.count {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1...b.count {
            let cost = a[i - 1] == b[j - 1] ? 0 : 1
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], before[j - 2] + 1)
            }
        }
        (before, above) = (above, row)
    }
    return above[b.count]
}
