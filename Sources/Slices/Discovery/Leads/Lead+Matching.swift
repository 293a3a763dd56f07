package import Database
package import Intelligence
internal import JSON
internal import Records
internal import Transfer

extension Lead: Matchable {
    package static func matchProfiles(of leads: [Lead], in reader: some Queryable) throws -> [MatchProfile?] {
        leads.map { $0.status == .archived ? nil : $0.matchProfile }
    }

    var matchProfile: MatchProfile {
        var profile = MatchProfile(.person)
        profile.person = contactName.map(PersonName.key) ?? ""
        profile.take(email: email)
        profile.take(firm: company, website: website, email: email)
        profile.phones = Set([phone].compactMap(\.self))
        profile.link = linkedinURL ?? ""
        profile.take(place: location)
        profile.custom = custom.matchTexts
        return profile
    }
}

extension Lead {
    /// Returns the reason why a lead with the same company and name, or the same shared mailbox, is nevertheless
    /// another one, such as a branch of a chain or a namesake; `nil` where nothing says so.
    func contradiction(to other: Lead) -> String? {
        for (system, id) in externalIDs.members {
            if let theirs = other.externalIDs[system], theirs != id {
                return "has another identifier in \(system)"
            }
        }
        let (mine, theirs) = (matchProfile, other.matchProfile)
        let isElsewhere =
            !mine.place.isEmpty && !theirs.place.isEmpty
            && mine.likening(to: theirs).contains {
                $0.field == "place" && $0.level == 0
            } && !mine.place.hasPrefix(theirs.place) && !theirs.place.hasPrefix(mine.place)
        if isElsewhere { return "is in \(other.location ?? "another place")" }
        let hasOtherPhone = phone != nil && other.phone != nil && phone != other.phone
        let hasOtherEmail = !mine.email.isEmpty && !theirs.email.isEmpty && mine.email != theirs.email
        let isNamed = contactName != nil || other.contactName != nil
        if hasOtherPhone, !isNamed || hasOtherEmail { return "has another telephone number" }
        let areOwn = [email, other.email].allSatisfy { $0.flatMap { EmailAddress($0) }?.isRole == false }
        if hasOtherEmail, !isNamed, areOwn { return "has another email" }
        return nil
    }
}
