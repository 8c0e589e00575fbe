// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/edit.h"

#include <QDialog>

#include <optional>

class QComboBox;
class QDateTimeEdit;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

/// Asks how long something is to live: for ever, for a while, or until a moment.
class ExpiryDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExpiryDialog)
public:
    /// `ttlMs` now: -1 for ever. `canDelete`: a time of 0 and below is understood as "delete it now", after a warning.
    ExpiryDialog(const QString &what, qint64 ttlMs, bool canDelete, QWidget *parent);

    /// What is to be known before the time is chosen, over the fields; empty: nothing. The time is ready to be typed.
    void addWords(const QString &text);

    enum class Kind : int { Never, For, Until };
    [[nodiscard]] QComboBox *kindBox() const { return m_kind; }
    [[nodiscard]] QLineEdit *amountField() const { return m_amount; }
    [[nodiscard]] QPushButton *actButton() const { return m_act; }
    [[nodiscard]] QString words() const; ///< what will be done, or why not
    [[nodiscard]] QString wordsBefore() const; ///< of addWords()

Q_SIGNALS:
    void forChosen(qint64 ttlMs); ///< -1: for ever; 0 and below: it is deleted
    void untilChosen(qint64 at); ///< ms since 1970

private:
    void update();
    [[nodiscard]] std::optional<qint64> typedMs() const; ///< nothing: no number, or too large

    QString m_what;
    bool m_canDelete;
    QComboBox *m_kind, *m_unit;
    QLineEdit *m_amount;
    QDateTimeEdit *m_until;
    QLabel *m_words, *m_wordsBefore;
    QPushButton *m_act;
};

} // namespace slotscope
