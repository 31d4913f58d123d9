import JSON

extension TemplateValue {
    /// The template's view of a JSON value: `null` is `none`, objects keep their order.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .array(elements.map { TemplateValue($0) })
        case .object(let members):
            self = .object(members.map { Member(key: $0.key, value: TemplateValue($0.value)) })
        }
    }
}
