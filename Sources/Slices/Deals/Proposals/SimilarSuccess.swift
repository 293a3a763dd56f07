internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import People
internal import Records

/// A success with somebody of a reader's industry, from a published case study: texts tell of it and of nothing else.
struct SimilarSuccess: TextEvidence {
    let name = "similar"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let studies = try reader.reading.proposals.caseStudies(of: lead?["industry"]?.text, limit: 20)
        guard let study = studies.first(where: { $0.client != nil && $0.result != nil }) else { return nil }
        return [
            "company": JSON(study.client), "result": JSON(study.result), "source": study.subject.json,
        ]
    }
}
