import JSON

extension ByteGrammar {
    /// An object without further rules: what `json_object` asks for.
    package static var jsonObject: ByteGrammar {
        var grammar = ByteGrammar()
        let value = grammar.jsonValue()
        _ = grammar.finish(grammar.jsonObject(of: value))
        return grammar
    }

    // MARK: Values

    /// Any JSON value.
    mutating func jsonValue() -> NodeID {
        let value = reserve()
        define(
            value,
            as: choice([
                jsonObject(of: value), jsonArray(of: value), jsonString(), jsonNumber(), literal("true"),
                literal("false"), literal("null"),
            ]))
        return value
    }

    /// An object with any keys.
    mutating func jsonObject(of value: NodeID) -> NodeID {
        let member = sequence([jsonString(), colon, value])
        return jsonObject(members: list(member, separator: comma))
    }

    /// Members in braces.
    mutating func jsonObject(members: NodeID) -> NodeID {
        sequence([literal("{"), space, members, space, literal("}")])
    }

    /// Elements in brackets.
    mutating func jsonArray(of element: NodeID, _ minimum: Int = 0, _ maximum: Int? = nil) -> NodeID {
        jsonArray(elements: list(element, separator: comma, minimum, maximum))
    }

    /// Elements in brackets.
    mutating func jsonArray(elements: NodeID) -> NodeID {
        sequence([literal("["), space, elements, space, literal("]")])
    }

    /// One given value, in one spelling.
    mutating func jsonLiteral(_ value: JSONValue) -> NodeID { literal(value.text()) }

    // MARK: Between values

    /// A blank, a line break with an indent, or nothing: enough to write neatly, too little to write blanks for ever.
    var space: NodeID {
        mutating get {
            let indent = repetition(byte(ByteSet(" \t")), 0, 40)
            return optional(choice([literal(" "), sequence([literal("\n"), indent])]))
        }
    }

    /// The comma between members.
    var comma: NodeID { mutating get { sequence([literal(","), space]) } }

    /// The colon after a key.
    var colon: NodeID { mutating get { sequence([literal(":"), optional(literal(" "))]) } }

    // MARK: Strings

    /// A string of characters, whose number counts Unicode scalars.
    mutating func jsonString(_ minimum: Int = 0, _ maximum: Int? = nil) -> NodeID {
        jsonString(contents: repetition(choice([scalar(.plain), jsonEscape()]), minimum, maximum))
    }

    /// Contents in quotes.
    mutating func jsonString(contents: NodeID) -> NodeID {
        sequence([literal("\""), contents, literal("\"")])
    }

    /// A scalar of a set as it stands in a string: escaped where JSON wants it. Control characters without an escape of
    /// one letter are left out.
    mutating func jsonScalar(_ set: ScalarSet) -> NodeID {
        let escapes: [(Unicode.Scalar, String)] = [
            ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\u{8}", "\\b"),
            ("\u{C}", "\\f"),
        ]
        let escaped = escapes.filter { set.contains($0.0) }.map { literal($0.1) }
        return choice([scalar(set.intersection(.plain))] + escaped)
    }

    /// Any escape; halves of a surrogate pair come together.
    private mutating func jsonEscape() -> NodeID {
        let hex = byte(ByteSet("0123456789abcdefABCDEF"))
        func digits(_ grammar: inout ByteGrammar, _ first: StaticString, _ second: StaticString?) -> NodeID {
            let second = second.map { grammar.byte(ByteSet($0)) } ?? hex
            return grammar.sequence([grammar.byte(ByteSet(first)), second, hex, hex])
        }
        let single = digits(&self, "0123456789abcefABCEF", nil)
        let belowSurrogates = digits(&self, "dD", "01234567")
        let high = digits(&self, "dD", "89abAB")
        let low = digits(&self, "dD", "cdefCDEF")
        let code = choice([single, belowSurrogates, sequence([high, literal("\\u"), low])])
        let letter = byte(ByteSet("\"\\/bfnrt"))
        return sequence([literal("\\"), choice([letter, sequence([literal("u"), code])])])
    }
}
