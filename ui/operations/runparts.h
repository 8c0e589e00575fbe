// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QFrame>
#include <QHash>

class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class ElidedLabel;
class SegmentedControl;
class Theme;

/// Values of an operation as a row of tiles: slots, keys, rate, time left, method. Tiles without a value are hidden.
class RunFigures final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFigures)
public:
    explicit RunFigures(QWidget *parent = nullptr);
    void setRun(const RunSnapshot &run, qint64 now);
    [[nodiscard]] QString figure(const QString &key) const; ///< text of a tile; empty if it is hidden

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    void addTile(const QString &key, const QString &caption);
    void setFigure(const QString &key, const QString &value);

    QHash<QString, ElidedLabel *> m_values;
    QList<QWidget *> m_tiles; ///< in display order
    QList<QWidget *> m_arranged;
    int m_columns = 0;
    QGridLayout *m_grid;
};

/// Result of an operation, or what keeps it from continuing, as tinted cards with remedies.
class RunOutcome final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunOutcome)
public:
    explicit RunOutcome(QWidget *parent = nullptr);
    void setRun(const RunSnapshot &run);
    /// Shows why the last action failed; empty: nothing.
    void setProblem(const QString &text);
    [[nodiscard]] QString text() const; ///< texts of all cards

private:
    struct Card
    {
        QString tone, title, text;
        friend bool operator==(const Card &, const Card &) = default;
    };
    [[nodiscard]] static QList<Card> cardsOf(const RunSnapshot &run);
    void rebuild();
    void addCard(const Card &card);

    QString m_problem;
    QList<Card> m_fromRun, m_shown;
    QVBoxLayout *m_layout;
};

/// Log of an operation, line by line; all lines or only warnings.
class RunLog final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunLog)
public:
    explicit RunLog(const Theme &theme, QWidget *parent = nullptr);
    void setRun(const RunSnapshot &run);
    [[nodiscard]] QString text() const;
    [[nodiscard]] SegmentedControl *filter() const { return m_filter; }

private:
    void append(const RunLine &line);
    void rebuild();

    const Theme &m_theme;
    QString m_id;
    QList<RunLine> m_lines;
    SegmentedControl *m_filter;
    QLabel *m_count;
    QPlainTextEdit *m_text;
};

} // namespace slotscope
