package import Database

/// Records that hold somebody's data: `tx.personalRecords`.
package struct PersonalRecordStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var personalRecords: PersonalRecordStore<Self> { PersonalRecordStore(tx: self) }
}
