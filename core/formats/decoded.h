// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <memory>
#include <optional>

namespace slotscope {

class FormatTree;

/// How an editor should colour the text.
enum class Syntax : quint8 { Plain, Json, Xml, Html, Yaml, Hex };

struct FormatNote
{
    enum class Kind : quint8 { Info, Warning };
    Kind kind = Kind::Info;
    QString text;
};

/// Where and why a layer could not be read to its end.
struct FormatProblem
{
    int step = 0; ///< index into the chain
    qsizetype offset = 0; ///< in the bytes that this step was given
    int line = 0, column = 0; ///< from 1; 0 where the form has no lines
    QString words;
};

/// An image, by its header alone; painting it is the window's.
struct ImageFacts
{
    QString format;
    int width = 0, height = 0;
};

struct Decoded
{
    FormatChain chain;
    QByteArray inner; ///< after all unwrapping steps
    QString text; ///< what an editor shows; extended JSON (docs/formats.md) where the form is a structure but no JSON
    Syntax syntax = Syntax::Plain;
    std::shared_ptr<const FormatTree> tree; ///< null where there is no structure
    std::optional<ImageFacts> image;
    QList<FormatNote> notes;
    std::optional<FormatProblem> problem; ///< what is here was read before it
    bool truncated = false; ///< a limit ended it: there is more than is here
    QList<qsizetype> sizes; ///< of the value, then after each unwrapping step
    bool writable = false; ///< whether encode() can make bytes of an edited text
    QString whyNotWritable;
};

} // namespace slotscope
