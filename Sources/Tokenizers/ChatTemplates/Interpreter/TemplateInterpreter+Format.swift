/// One conversion of a `%` format, such as `%-8.3f`.
private struct FormatConversion {
    var flags: Set<Unicode.Scalar> = []
    var width = 0
    var precision: Int?
    var name: String?
    var type: Unicode.Scalar = "s"
}

extension TemplateInterpreter {
    /// Python's `format % value`: a tuple gives its elements in order, a dictionary gives them by name.
    func format(_ format: String, _ value: RuntimeValue) throws(Failure) -> RuntimeValue {
        try charge(format)
        let scalars = Array(format.unicodeScalars)
        var arguments = [value]
        if case .tuple(let box) = value { arguments = box.elements }
        var used = 0
        var usesNames = false
        var result = ""
        var position = 0
        while position < scalars.count {
            guard scalars[position] == "%" else {
                result.unicodeScalars.append(scalars[position])
                position += 1
                continue
            }
            let conversion = try readConversion(scalars, &position)
            if conversion.type == "%" {
                result += "%"
            } else if let name = conversion.name {
                usesNames = true
                guard case .dictionary(let box) = value, let named = box[try key(.string(name))] else {
                    throw failure("the format has no value for '\(name)'")
                }
                result += try text(of: named, conversion)
            } else {
                guard used < arguments.count else {
                    throw failure("the format has more conversions than values")
                }
                result += try text(of: arguments[used], conversion)
                used += 1
            }
        }
        if case .dictionary = value { usesNames = true }
        guard used == arguments.count || usesNames else {
            throw failure("the format has fewer conversions than values")
        }
        return try string(result)
    }

    private func readConversion(
        _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(Failure) -> FormatConversion {
        var conversion = FormatConversion()
        position += 1
        if position < scalars.count, scalars[position] == "(" {
            guard let end = scalars[position...].firstIndex(of: ")") else { throw badFormat }
            var name = String.UnicodeScalarView()
            name.append(contentsOf: scalars[(position + 1)..<end])
            conversion.name = String(name)
            position = end + 1
        }
        while position < scalars.count, "-+ #0".unicodeScalars.contains(scalars[position]) {
            conversion.flags.insert(scalars[position])
            position += 1
        }
        conversion.width = try readNumber(scalars, &position) ?? 0
        if position < scalars.count, scalars[position] == "." {
            position += 1
            conversion.precision = try readNumber(scalars, &position) ?? 0
        }
        guard position < scalars.count else { throw badFormat }
        conversion.type = scalars[position]
        position += 1
        return conversion
    }

    private var badFormat: Failure { failure("the format ends inside of a conversion") }

    private func readNumber(_ scalars: [Unicode.Scalar], _ position: inout Int) throws(Failure) -> Int? {
        var value: Int?
        while position < scalars.count, ("0"..."9").contains(scalars[position]) {
            value = (value ?? 0) * 10 + Int(scalars[position].value - 48)
            guard value ?? 0 <= 10_000 else { throw limitFailure("a format is wider than 10000") }
            position += 1
        }
        return value
    }

    private func text(of value: RuntimeValue, _ conversion: FormatConversion) throws(Failure) -> String {
        var body: String
        switch conversion.type {
        case "s", "r", "a":
            body = conversion.type == "s" ? try text(of: value) : try repr(of: value)
            if let precision = conversion.precision {
                body = String(String.UnicodeScalarView(body.unicodeScalars.prefix(precision)))
            }
            return Self.padded(body, conversion, zeros: false)
        case "d", "i", "u": body = String(try formattedInteger(value))
        case "x", "X", "o":
            let integer = try formattedInteger(value)
            body = String(integer, radix: conversion.type == "o" ? 8 : 16, uppercase: conversion.type == "X")
            if conversion.flags.contains("#") {
                let mark = "0" + String(conversion.type)
                body = integer < 0 ? "-" + mark + body.dropFirst() : mark + body
            }
        case "f", "F", "e", "E", "g", "G":
            if case .undefined(let reason) = value { throw failure(reason) }
            guard let number = number(value) else {
                throw failure("the format expects a number, found a value of type \(value.typeName)")
            }
            let flag = conversion.flags.contains("#") ? "#" : ""
            let precision = conversion.precision ?? 6
            body = PythonNumber.format(number, "%\(flag).\(precision)\(conversion.type)")
        default: throw unsupported("the conversion '%\(conversion.type)' of a format")
        }
        if !body.hasPrefix("-") {
            if conversion.flags.contains("+") {
                body = "+" + body
            } else if conversion.flags.contains(" ") {
                body = " " + body
            }
        }
        return Self.padded(body, conversion, zeros: conversion.flags.contains("0"))
    }

    private func formattedInteger(_ value: RuntimeValue) throws(Failure) -> Int {
        if let integer = value.index { return integer }
        if case .undefined(let reason) = value { throw failure(reason) }
        guard case .double(let number) = value, let integer = Int(exactly: number.rounded(.towardZero)) else {
            throw failure("the format expects an integer, found a value of type \(value.typeName)")
        }
        return integer
    }

    private static func padded(_ body: String, _ conversion: FormatConversion, zeros: Bool) -> String {
        let missing = conversion.width - body.unicodeScalars.count
        guard missing > 0 else { return body }
        if conversion.flags.contains("-") { return body + String(repeating: " ", count: missing) }
        guard zeros else { return String(repeating: " ", count: missing) + body }
        let sign = body.prefix { $0 == "-" || $0 == "+" || $0 == " " }
        return sign + String(repeating: "0", count: missing) + body.dropFirst(sign.count)
    }
}
