package import Database

/// Surveys: `tx.surveys`.
package struct SurveyStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var surveys: SurveyStore<Self> { SurveyStore(tx: self) }
}
