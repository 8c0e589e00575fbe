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

/// Asks for an expiry: none, after a duration, or at a time.
class ExpiryDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExpiryDialog)
public:
    /// `ttlMs`: the current value, -1 for none. `canDelete`: a time of 0 and below means "delete now", after a warning.
    ExpiryDialog(const QString &what, qint64 ttlMs, bool canDelete, QWidget *parent);

    /// Explanation above the fields; empty: none.
    void addWords(const QString &text);

    enum class Kind : int { Never, For, Until };
    [[nodiscard]] QComboBox *kindBox() const { return m_kind; }
    [[nodiscard]] QLineEdit *amountField() const { return m_amount; }
    [[nodiscard]] QPushButton *actButton() const { return m_act; }
    [[nodiscard]] QString words() const; ///< text of what will happen, or why the input is not valid
    [[nodiscard]] QString wordsBefore() const; ///< the text of addWords()

Q_SIGNALS:
    void forChosen(qint64 ttlMs); ///< -1: no expiry; 0 and below: delete now
    void untilChosen(qint64 at); ///< ms since 1970

private:
    void update();
    [[nodiscard]] std::optional<qint64> typedMs() const; ///< empty: not a number, or too large

    QString m_what;
    bool m_canDelete;
    QComboBox *m_kind, *m_unit;
    QLineEdit *m_amount;
    QDateTimeEdit *m_until;
    QLabel *m_words, *m_wordsBefore;
    QPushButton *m_act;
};

} // namespace slotscope
