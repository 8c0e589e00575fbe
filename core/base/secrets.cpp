// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secrets.h"

#include <QMutex>

#include <algorithm>
#include <vector>

namespace slotscope {

namespace {

constexpr qsizetype shortest = 4; ///< shortest secret that is masked anywhere in a text, in bytes
constexpr qsizetype shortestPart = 3; ///< shortest visible part of a truncated secret
const QByteArray scrubMark = QByteArrayLiteral("***");

struct Registry
{
    QMutex mutex;
    std::vector<QByteArray> secrets; ///< longest first, because one secret may contain another
};

Registry &registry()
{
    static Registry known;
    return known;
}

bool isQuote(char c)
{
    return c == '\'' || c == '"' || c == '`';
}

/// Masks a short secret only if it is a whole word in quotes.
void scrubShort(QByteArray &text, const QByteArray &secret)
{
    for (qsizetype at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at)) {
        const qsizetype end = at + secret.size();
        const bool alone = at > 0 && isQuote(text[at - 1]) && end < text.size() && text[end] == text[at - 1];
        if (alone)
            text.replace(at, secret.size(), scrubMark);
        at += alone ? scrubMark.size() : 1;
    }
}

/// Masks a truncated secret: its first bytes, between a quote and the end of the text or of the quoted word.
void scrubCut(QByteArray &text, const QByteArray &secret)
{
    const QByteArray beginning = secret.left(shortestPart);
    for (qsizetype at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at)) {
        qsizetype length = 0;
        while (length < secret.size() && at + length < text.size() && text[at + length] == secret[length])
            ++length;
        const qsizetype end = at + length;
        const bool isWord = at > 0 && isQuote(text[at - 1]) && (end == text.size() || text[end] == text[at - 1]);
        if (isWord)
            text.replace(at, length, scrubMark);
        at += isWord ? scrubMark.size() : 1;
    }
}

} // namespace

void rememberSecret(const QByteArray &secret)
{
    if (secret.isEmpty())
        return;
    QByteArray inError = secret; // servers replace line breaks by blanks in error messages
    inError.replace('\r', ' ').replace('\n', ' ');
    Registry &known = registry();
    const QMutexLocker lock(&known.mutex);
    for (const QByteArray &form : {secret, inError}) {
        if (std::find(known.secrets.begin(), known.secrets.end(), form) != known.secrets.end())
            continue;
        const auto place = std::find_if(known.secrets.begin(), known.secrets.end(),
                                        [&form](const QByteArray &other) { return other.size() < form.size(); });
        known.secrets.insert(place, form);
    }
}

QByteArray scrubbed(QByteArray text)
{
    Registry &known = registry();
    const QMutexLocker lock(&known.mutex);
    for (const QByteArray &secret : known.secrets) {
        if (secret.size() < shortest) {
            scrubShort(text, secret);
        } else {
            text.replace(secret, scrubMark);
            scrubCut(text, secret);
        }
    }
    return text;
}

bool isSecretSetting(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    // also catches mistyped names: only settings with secrets have "pass" in their names
    return lower == "masterauth" || lower == "primaryauth" || lower.contains("pass") || lower.contains("secret");
}

} // namespace slotscope
