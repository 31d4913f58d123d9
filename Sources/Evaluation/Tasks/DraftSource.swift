/// One question whose document can be made of any number of units (sentences, words, needles).
///
/// Everything but the document is drawn when the source is made, so that drafts of different lengths are one sample.
protocol DraftSource {
    /// The fewest units of a document.
    var minimumUnits: Int { get }

    /// The sample with a document of `units` units, the same at every call.
    mutating func draft(units: Int) -> Draft
}
