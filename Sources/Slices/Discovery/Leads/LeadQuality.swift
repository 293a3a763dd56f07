package import Database

package extension LeadStore where Base == Transaction {
    /// Keeps the scores that data quality has given to leads. It is no change of theirs: neither their version nor
    /// their time moves, and nobody is told.
    func keep(quality scores: [(id: String, score: Int)]) throws {
        for (id, score) in scores {
            try tx.run(keepScore, [tx.tenant.sqlValue, id.sqlValue, score.sqlValue])
        }
    }

    /// Lets leads be scored anew, because other fields of theirs can be trusted than before.
    func scoreAgain(_ ids: [String]) throws {
        try tx.run(
            "UPDATE leads SET scored_version = 0 WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids)")
    }
}

private let keepScore = Statement("UPDATE leads SET quality_score = $3 WHERE tenant_id = $1 AND id = $2")
