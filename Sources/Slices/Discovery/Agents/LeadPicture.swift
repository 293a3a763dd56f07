internal import JSON
internal import Records

extension Lead {
    /// The lead as scoring and qualification see it.
    package var scoringInput: ScoringInput {
        var input = ScoringInput()
        input.status = status.rawValue
        input.employeeCount = employeeCount
        input.annualRevenue = annualRevenue.map {
            ScoringInput.Amount(amount: $0.amount, currency: $0.currency)
        }
        input.industry = industry
        input.hasWebsite = website != nil
        input.hasLinkedIn = linkedinURL != nil
        input.hasPhone = phone != nil
        input.email = email.flatMap { EmailAddress($0) }.map {
            ScoringInput.Email(isRole: $0.isRole, isFreeMail: $0.isFreeMail, isDisposable: $0.isDisposable)
        }
        input.hasContactName = contactName != nil
        input.contactTitle = contactTitle
        input.country = country
        input.location = location
        input.budget = budget.map { ScoringInput.Amount(amount: $0.amount, currency: $0.currency) }
        input.timelineDays = timelineDays
        input.authority = authority
        input.source = source
        input.tags = tags
        input.painPoints = painPoints
        input.notes = notes
        input.custom = custom
        return input
    }
}
