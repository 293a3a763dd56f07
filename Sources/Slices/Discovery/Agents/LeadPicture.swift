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

extension ScoringInput {
    /// Returns the input without some of the lead's fields, because data quality finds their values wrong: they earn
    /// nothing, and the score is the less certain.
    package func leavingOut(_ fields: Set<String>) -> ScoringInput {
        var input = self
        for field in fields {
            switch field {
            case "email": input.email = nil
            case "phone": input.hasPhone = false
            case "website": input.hasWebsite = false
            case "linkedin_url": input.hasLinkedIn = false
            case "contact_name": input.hasContactName = false
            case "contact_title": input.contactTitle = nil
            case "employee_count": input.employeeCount = nil
            case "annual_revenue": input.annualRevenue = nil
            case "industry": input.industry = nil
            case "budget": input.budget = nil
            default: continue
            }
        }
        return input
    }
}
