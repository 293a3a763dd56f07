/// Records put into groups of such as have much in common: k-modes (Huang 1998), begun from records that are typical
/// and far from one another (Cao, Liang, Bai 2009), so that the same records fall into the same groups.
struct ClusterModes: Sendable {
    private static let roundsMax = 30
    /// More groups have to fit better by this much.
    private static let leastGain = 0.05

    /// The group of each record.
    let groups: [Int]
    /// The fit of records to their own group, and not the next: from -1 to 1 (a simplified silhouette).
    let fit: Double

    init(_ table: ClusterTable, count: Int) {
        var modes = Self.begin(table, count)
        var groups: [Int] = []
        for _ in 0..<Self.roundsMax {
            let next = (0..<table.count).map { record in
                Self.nearest(modes.map { table.distance(of: record, to: $0) })
            }
            guard next != groups else { break }
            groups = next
            modes = modes.indices.map { group in
                let members = groups.indices.filter { groups[$0] == group }
                return members.isEmpty ? modes[group] : table.mode(of: members)
            }
        }
        self.groups = groups
        let fits = groups.indices.map { record -> Double in
            let distances = modes.map { table.distance(of: record, to: $0) }
            let own = distances[groups[record]]
            let other = distances.indices.filter { $0 != groups[record] }.map { distances[$0] }.min() ?? own
            let larger = max(own, other)
            return larger == 0 ? 0 : Double(other - own) / Double(larger)
        }
        fit = fits.isEmpty ? 0 : fits.reduce(0, +) / Double(fits.count)
    }

    /// Returns the number of groups into which records fall best.
    static func best(_ table: ClusterTable, in counts: ClosedRange<Int>) -> ClusterModes {
        let all = counts.map { ClusterModes(table, count: $0) }
        return all.reduce(all[0]) { $1.fit > $0.fit + Self.leastGain ? $1 : $0 }
    }

    /// The first record that has most in common with all, then those that do and are far from the ones before.
    private static func begin(_ table: ClusterTable, _ count: Int) -> [[Int32]] {
        let frequencies = table.columns.indices.map { table.counts(of: $0, among: 0..<table.count) }
        let densities = (0..<table.count).map { record in
            table.columns.indices.reduce(0) { sum, column in
                let trait = table.columns[column].values[record]
                return sum + (trait < 0 ? 0 : frequencies[column][Int(trait)])
            }
        }
        var modes: [[Int32]] = []
        for _ in 0..<count {
            let worth = densities.indices.map { record in
                modes.isEmpty
                    ? densities[record]
                    : densities[record] * (modes.map { table.distance(of: record, to: $0) }.min() ?? 0)
            }
            guard let best = worth.indices.max(by: { (worth[$0], $1) < (worth[$1], $0) }) else { break }
            modes.append(table.columns.map { $0.values[best] })
        }
        return modes
    }

    private static func nearest(_ distances: [Int]) -> Int {
        distances.indices.min { (distances[$0], $0) < (distances[$1], $1) } ?? 0
    }
}

extension ClusterTable {
    /// The number of fields in which a record differs from a mode; what is not known differs.
    fileprivate func distance(of record: Int, to mode: [Int32]) -> Int {
        var distance = 0
        for column in columns.indices {
            let own = columns[column].values[record]
            if own < 0 || own != mode[column] { distance += 1 }
        }
        return distance
    }

    /// The most frequent trait of each field, -1 where no member has one.
    fileprivate func mode(of members: [Int]) -> [Int32] {
        columns.indices.map { column in
            let counts = counts(of: column, among: members)
            guard let best = counts.indices.max(by: { (counts[$0], $1) < (counts[$1], $0) }), counts[best] > 0
            else { return -1 }
            return Int32(best)
        }
    }
}
