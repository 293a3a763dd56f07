internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Lexicons
internal import Nouns
internal import Records
package import Transfer

extension Contact {
    /// The import and export of contacts as files.
    package static let transfer: Transfer<Contact> = {
        var transfer = Transfer(resource, Lexicon("contacts", in: ResourceTable.texts)) { contact, tx in
            let known = try tx.contacts.known(contact)
            if let known { try tx.consents.requireCollectible(known, at: "/email") }
            return known
        }
        transfer.references = [.company("company_id", by: "company")]
        transfer.companions = ["first_name", "last_name"]
        transfer.leftovers = "notes"
        transfer.lenient = ["phone", "linkedin_url", "time_zone"]
        transfer.members = { try $0.customFields.transferMembers(of: .contact) }
        transfer.settle = settle
        transfer.change = { old, new, actor, tx in
            // The address of whoever was merged into a contact does not replace their own.
            if let given = new.email, old.email != nil, given != old.email,
                try tx.contacts.heir(of: given)?.id == old.id
            {
                new.email = old.email
            }
            return try tx.update(old, to: &new, by: actor)
        }
        return transfer
    }()

    /// First and last name make the name; where there is none, an address stands for it. Who says somewhere
    /// that they do not want to hear from us is marked so.
    private static func settle(_ row: inout TransferRow) {
        guard !row.isOwn else { return }
        let joined = PersonName.joined(
            first: row.given["first_name"] ?? "", last: row.given["last_name"] ?? "")
        let full = row.values["name"]?.text ?? ""
        let name = full.isEmpty || !full.contains(" ") && joined.contains(" ") ? joined : full
        if !name.isEmpty {
            row.values["name"] = .string(PersonName.cleaned(name))
        } else if let address = row.values["email"] ?? row.values["phone"] {
            row.values["name"] = address
        }
        let said = [row.values["notes"]?.text] + (row.values["tags"]?.array ?? []).map(\.text)
        if said.compactMap(\.self).contains(where: CellText.isRefusal) { row.values["do_not_contact"] = true }
    }
}

extension ContactStore where Base == Transaction {
    /// The contact that is the same person: by another system's identifier, else by address, else by number,
    /// else by name in the same company.
    fileprivate func known(_ contact: Contact) throws -> ContactID? {
        for (system, value) in contact.externalIDs.members {
            if let id = try record(of: "contact", system: system, externalID: value.text ?? "") {
                return ID(id)
            }
        }
        let condition: SQL
        if let email = contact.email {
            condition = "email = \(email)"
        } else if let phone = contact.phone {
            condition = "phone = \(phone)"
        } else if let company = contact.companyID {
            condition =
                "company_id = \(company) AND name = \(contact.name) AND email IS NULL AND phone IS NULL"
        } else {
            return nil
        }
        let found = try Contact.resource.first(where: condition, suffix: "ORDER BY row LIMIT 1", in: tx)
        return try (found ?? contact.email.flatMap(heir(of:)))?.id
    }
}

extension TransferReference {
    /// A contact, by the address.
    package static func contact(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in
                try ContactID(id).flatMap { try Contact.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> ContactID? in
                guard let email = given[column].flatMap({ EmailAddress(deobfuscating: $0) }) else {
                    return nil
                }
                let known = try Contact.resource.first(
                    where: "email = \(email.key)", suffix: "ORDER BY row LIMIT 1", in: tx)
                return try (known ?? tx.contacts.heir(of: email.key))?.id
            },
            keys: { reader, ids in try Contact.resource.texts(\.email, of: ids, in: reader) })
    }

    /// A company, by its name; one that is not known yet is made.
    package static func company(_ field: String, by column: String) -> TransferReference {
        var reference = TransferReference(
            field, by: [column],
            exists: { reader, id in
                try ID<Company>(id).flatMap { try Company.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> ID<Company>? in
                guard let name = given[column] else { return nil }
                let key = "name:\(CompanyName.key(name))"
                return try Company.resource.first(
                    where: "company_key = \(key)", suffix: "ORDER BY row LIMIT 1", in: tx)?.id
                    ?? Company.resource.first(
                        where: "name = \(name)", suffix: "ORDER BY row LIMIT 1", in: tx)?.id
            },
            keys: { reader, ids in try Company.resource.texts(\.name, of: ids, in: reader) })
        let find = reference.find
        reference.make = { tx, given, actor in
            guard let name = given[column] else { return nil }
            // An earlier row of the same file may have made it.
            if let known = try find(tx, given) { return known }
            var company = Company.new(id: tx.nextID(), now: tx.now)
            company.name = name
            try tx.create(&company, by: actor)
            return company.id.untyped
        }
        return reference.lenient
    }
}
