internal import Records

/// The paths of all routes, to find the one that a mistyped path most likely means.
struct KnownPaths: Sendable {
    /// The longest segment that is taken for a mistyped word.
    private static let segmentMax = 40
    private static let distanceMax = 3

    private let patterns: [[String]]

    init(_ patterns: [String]) {
        self.patterns = Set(patterns).sorted().filter { $0.hasPrefix("/v1/") || $0.hasPrefix("/api/") }
            .map { $0.split(separator: "/").map(String.init) }
    }

    /// Returns the nearest path, with the parameters as they were given; `nil` where none is near.
    func nearest(to segments: [String]) -> String? {
        guard let first = segments.first, segments.allSatisfy({ $0.utf8.count <= Self.segmentMax }) else {
            return nil
        }
        let given = first == "v1" || first == "api" ? segments : ["v1"] + segments
        var best: (pattern: [String], distance: Int)?
        for pattern in patterns where pattern.count == given.count {
            let distance = Self.distance(given, pattern, atMost: (best?.distance ?? Self.distanceMax + 1) - 1)
            if let distance { best = (pattern, distance) }
        }
        guard let best else { return nil }
        let filled = zip(best.pattern, given).map { $0.hasPrefix("{") ? $1 : $0 }
        return "/" + filled.joined(separator: "/")
    }

    /// Returns the number of letters to change in the literal segments; `nil` where that is above the limit, or most
    /// of a word.
    private static func distance(_ given: [String], _ pattern: [String], atMost limit: Int) -> Int? {
        var sum = 0
        for (word, wanted) in zip(given, pattern) where !wanted.hasPrefix("{") && word != wanted {
            guard abs(word.utf8.count - wanted.utf8.count) <= limit else { return nil }
            let distance = editDistance(word.lowercased(), wanted)
            sum += distance
            guard sum <= limit, distance * 2 <= wanted.count else { return nil }
        }
        return limit < 0 ? nil : sum
    }
}
