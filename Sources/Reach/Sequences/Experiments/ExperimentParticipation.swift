internal import Database
package import Nouns
internal import Records

extension ExperimentStore {
    /// Returns the variant of a contact: who does not take part gets the first, with which the others are compared.
    package func variant(of experiment: Experiment, for contact: ContactID) throws -> ExperimentVariant {
        try takesPart(contact, in: experiment)
            ? experiment.variant(for: contact) : experiment.variants.list[0]
    }

    /// Returns whether an experiment counts a contact: those of its segment, where it has one, and whoever
    /// has begun to take part, even if they have left the segment since.
    package func takesPart(_ contact: ContactID, in experiment: Experiment) throws -> Bool {
        guard let segment = experiment.segmentID else { return true }
        let hasBegun = try tx.exists(
            """
            SELECT 1 FROM experiment_subjects
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment.id) AND contact_id = \(contact)
            """)
        return try hasBegun || isMember(contact, of: segment)
    }

    /// Returns whether somebody is in a segment, as themselves, as a lead or as a client. The members are
    /// read where their module keeps them: it is asked for each message of a sequence, within reads that know
    /// no module.
    private func isMember(_ contact: ContactID, of segment: SegmentID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM segment_members WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment)
                AND record_id IN (
                    SELECT id FROM contacts WHERE tenant_id = \(tx.tenant) AND id = \(contact)
                    UNION ALL SELECT id FROM leads WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                    UNION ALL SELECT id FROM clients WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact))
            """)
    }
}
