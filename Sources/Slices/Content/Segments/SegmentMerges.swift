internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Keeps who was put into a segment by hand there when they are merged into another: the others are found by filters.
struct SegmentMerges: MergeListener {
    let name = "segments"

    func merged(_ gone: Subject, into kept: Subject, in tx: Transaction) throws -> JSON {
        let all = try tx.segments.byHand(of: gone.id), own = Set(try tx.segments.byHand(of: kept.id))
        for segment in all { try tx.segments.add([kept.id], to: segment) }
        return .array(all.map { ["id": JSON($0), "had": .bool(own.contains($0))] })
    }

    func unmerged(_ gone: Subject, from kept: Subject, _ noted: JSON, in tx: Transaction) throws {
        for one in noted.array ?? [] {
            guard let id: SegmentID = one["id"]?.id(),
                try Segment.resource.find(id, in: tx) != nil
            else { continue }
            try tx.segments.add([gone.id], to: id)
            if one["had"] == false { try tx.segments.remove([kept.id], from: id) }
        }
    }
}
