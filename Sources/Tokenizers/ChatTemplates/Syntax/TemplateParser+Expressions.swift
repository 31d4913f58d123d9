extension TemplateParser {
    /// Reads an expression, or several with commas as a tuple; `word` too ends the tuple.
    mutating func parseTuple(
        withConditional: Bool = true, until word: String? = nil, inParentheses: Bool = false
    ) throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        var elements: [TemplateExpression] = []
        var isTuple = false
        while !atTupleEnd(word) {
            elements.append(try parseExpression(withConditional: withConditional))
            guard consume(.comma) else { break }
            isTuple = true
        }
        if !isTuple, let only = elements.first { return only }
        guard isTuple || inParentheses else { throw expected("an expression") }
        return try node(.tuple(elements), line: line, elements)
    }

    private func atTupleEnd(_ word: String?) -> Bool {
        switch current.kind {
        case .outputEnd, .blockEnd, .symbol(.rightParenthesis): true
        case .name(let name): name == word
        default: false
        }
    }

    /// Reads an expression; a conditional one only if allowed.
    mutating func parseExpression(
        withConditional: Bool = true
    ) throws(ChatTemplateError) -> TemplateExpression {
        try nested { parser throws(ChatTemplateError) in
            withConditional ? try parser.parseConditional() : try parser.parseOr()
        }
    }

    private mutating func parseConditional() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        let known = unknownNames.count
        var result = try parseOr()
        while consume("if") {
            let test = try parseOr()
            let otherwise = consume("else") ? try parseExpression() : nil
            result = try node(
                .conditional(test: test, then: result, otherwise: otherwise), line: line,
                [test, result] + (otherwise.map { [$0] } ?? []))
            unknownNames.removeSubrange(known...)
        }
        return result
    }

    // MARK: Logic and comparison

    private mutating func parseOr() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try parseAnd()]
        while consume("or") { operands.append(try parseAnd()) }
        return operands.count == 1 ? operands[0] : try node(.or(operands), line: line, operands)
    }

    private mutating func parseAnd() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try parseNot()]
        while consume("and") { operands.append(try parseNot()) }
        return operands.count == 1 ? operands[0] : try node(.and(operands), line: line, operands)
    }

    private mutating func parseNot() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        guard consume("not") else { return try parseComparison() }
        let operand = try nested { parser throws(ChatTemplateError) in try parser.parseNot() }
        return try node(.not(operand), line: line, [operand])
    }

    private mutating func parseComparison() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        let first = try parseSum()
        var rest: [(operation: TemplateComparison, operand: TemplateExpression)] = []
        while let operation = consumeComparison() { rest.append((operation, try parseSum())) }
        if rest.isEmpty { return first }
        return try node(.comparison(first, rest), line: line, [first] + rest.map(\.operand))
    }

    private mutating func consumeComparison() -> TemplateComparison? {
        if isAt("not"), following.kind == .name("in") {
            advance()
            advance()
            return .notContained
        }
        let operation: TemplateComparison
        switch current.kind {
        case .symbol(.equal): operation = .equal
        case .symbol(.notEqual): operation = .notEqual
        case .symbol(.less): operation = .less
        case .symbol(.lessOrEqual): operation = .lessOrEqual
        case .symbol(.greater): operation = .greater
        case .symbol(.greaterOrEqual): operation = .greaterOrEqual
        case .name("in"): operation = .contained
        default: return nil
        }
        advance()
        return operation
    }

    // MARK: Arithmetic

    /// Reads operands with any of `symbols` between them, from left to right.
    private mutating func parseArithmetic(
        _ symbols: [TemplateOperator],
        of parseOperand: (inout TemplateParser) throws(ChatTemplateError) -> TemplateExpression
    ) throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        let first = try parseOperand(&self)
        var rest: [(operation: TemplateOperator, operand: TemplateExpression)] = []
        while case .symbol(let symbol) = current.kind, symbols.contains(symbol) {
            advance()
            rest.append((symbol, try parseOperand(&self)))
        }
        if rest.isEmpty { return first }
        return try node(.arithmetic(first, rest), line: line, [first] + rest.map(\.operand))
    }

    private mutating func parseSum() throws(ChatTemplateError) -> TemplateExpression {
        try parseArithmetic([.add, .subtract]) { parser throws(ChatTemplateError) in
            try parser.parseConcatenation()
        }
    }

    private mutating func parseConcatenation() throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try parseProduct()]
        while consume(.concatenate) { operands.append(try parseProduct()) }
        return operands.count == 1 ? operands[0] : try node(.concatenation(operands), line: line, operands)
    }

    private mutating func parseProduct() throws(ChatTemplateError) -> TemplateExpression {
        try parseArithmetic([.multiply, .divide, .floorDivide, .modulo]) { parser throws(ChatTemplateError) in
            try parser.parseArithmetic([.power]) { parser throws(ChatTemplateError) in
                try parser.parseUnary(withFilters: true)
            }
        }
    }

    private mutating func parseUnary(withFilters: Bool) throws(ChatTemplateError) -> TemplateExpression {
        let line = current.line
        var result: TemplateExpression
        if isAt(.subtract) || isAt(.add) {
            let isNegative = advance().kind == .symbol(.subtract)
            let operand = try nested { parser throws(ChatTemplateError) in
                try parser.parseUnary(withFilters: false)
            }
            result = try node(isNegative ? .negative(operand) : .positive(operand), line: line, [operand])
        } else {
            result = try parsePrimary()
        }
        result = try parsePostfix(result)
        return withFilters ? try parseFilters(result) : result
    }

    // MARK: Primaries

    /// Reads a name, a literal, or an expression in brackets.
    mutating func parsePrimary() throws(ChatTemplateError) -> TemplateExpression {
        let token = current
        let line = token.line
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return try node(.constant(.bool(true)), line: line)
            case "false", "False": return try node(.constant(.bool(false)), line: line)
            case "none", "None": return try node(.constant(.none), line: line)
            default:
                if ["caller", "varargs", "kwargs"].contains(name), !specials.isEmpty {
                    specials[specials.count - 1].insert(name)
                }
                return try node(.name(name), line: line)
            }
        case .string:
            var text = ""
            while case .string(let part) = current.kind {
                text += part
                advance()
            }
            return try node(.constant(.string(text)), line: line)
        case .integer(let value):
            advance()
            return try node(.constant(.int(value)), line: line)
        case .float(let value):
            advance()
            return try node(.constant(.double(value)), line: line)
        case .symbol(.leftParenthesis):
            advance()
            let inner = try nested { parser throws(ChatTemplateError) in
                try parser.parseTuple(inParentheses: true)
            }
            try expect(.rightParenthesis)
            return inner
        case .symbol(.leftBracket): return try parseList()
        case .symbol(.leftBrace): return try parseDictionary()
        default: throw expected("an expression")
        }
    }

    private mutating func parseList() throws(ChatTemplateError) -> TemplateExpression {
        let line = advance().line
        var elements: [TemplateExpression] = []
        while !isAt(.rightBracket) {
            elements.append(try parseExpression())
            if !consume(.comma) { break }
        }
        try expect(.rightBracket)
        return try node(.list(elements), line: line, elements)
    }

    private mutating func parseDictionary() throws(ChatTemplateError) -> TemplateExpression {
        let line = advance().line
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !isAt(.rightBrace) {
            let key = try parseExpression()
            try expect(.colon)
            members.append((key, try parseExpression()))
            if !consume(.comma) { break }
        }
        try expect(.rightBrace)
        return try node(.dictionary(members), line: line, members.flatMap { [$0.key, $0.value] })
    }
}
