// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/connectiontest.h"

#include <QWidget>

class QVBoxLayout;

namespace slotscope {

class Theme;

/// Results of a connection test: a row per server with a status word, the exact error and its remedy.
class TestResults final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TestResults)
public:
    explicit TestResults(const Theme &theme, QWidget *parent = nullptr);

    void clear();
    void setTesting(const QList<Endpoint> &seeds);
    void setReport(const ConnectionReport &report);
    [[nodiscard]] QString toText() const; ///< one line per row

Q_SIGNALS:
    /// A server turned out to be a Sentinel, and the user wants to connect to this primary through it.
    void sentinelChosen(const QString &primaryName);

private:
    void offerSentinel(const QStringList &watched);
    void addRow(const Endpoint &endpoint, const QString &word, int tone, const QString &text, const QString &help);
    void addNote(const char *finding, const QString &text);

    const Theme &m_theme;
    QVBoxLayout *m_rows;
    QStringList m_texts;
};

/// Short word for a failure in a badge: "refused", "NOAUTH", "timeout".
[[nodiscard]] QString failureWord(const Error &error);

} // namespace slotscope
