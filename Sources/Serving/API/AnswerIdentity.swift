import JSON

/// What all objects of one answer share: its id, its time, its model.
package struct AnswerIdentity: Sendable {
    /// Such as `chatcmpl-` and random digits.
    package let id: String
    /// Seconds since 1970.
    package let created: Int
    /// The model's name.
    package let model: String

    /// A fresh id that begins with `prefix`.
    package init(prefix: String, created: Int, model: String) {
        id = Self.fresh(prefix)
        self.created = created
        self.model = model
    }

    /// `prefix` and random digits.
    static func fresh(_ prefix: String) -> String {
        let digits = "0123456789abcdefghijklmnopqrstuvwxyz"
        return prefix + String((0..<24).map { _ in digits.randomElement() ?? "0" })
    }

    /// An object of the answer: `id`, `object`, `created`, `model` and `members`.
    package func object(_ kind: String, _ members: [JSONValue.Member]) -> JSONValue {
        .object(
            [
                .init(key: "id", value: .string(id)), .init(key: "object", value: .string(kind)),
                .init(key: "created", value: .int(created)), .init(key: "model", value: .string(model)),
            ] + members)
    }
}
