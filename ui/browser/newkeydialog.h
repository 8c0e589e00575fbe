// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/edit.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class BytesField;
class Theme;

/// Creates a key of any type with its first content. It stays open until answer() reports success.
class NewKeyDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewKeyDialog)
public:
    NewKeyDialog(const Theme &theme, const QByteArray &beginning, QWidget *parent);

    [[nodiscard]] QComboBox *typeBox() const { return m_type; }
    [[nodiscard]] BytesField *nameField() const { return m_name; }
    [[nodiscard]] BytesField *firstField() const { return m_first; }
    [[nodiscard]] BytesField *secondField() const { return m_second; }
    [[nodiscard]] QLineEdit *ttlField() const { return m_ttl; }
    [[nodiscard]] QPushButton *createButton() const { return m_create; }
    [[nodiscard]] QString problem() const;
    /// Result after agreed(): on success closes the dialog; otherwise shows the problem and keeps the input. The
    /// problem is empty if nothing was sent.
    void answer(bool isMade, const QString &problem = {});

Q_SIGNALS:
    void agreed(const QByteArray &key, const slotscope::Edit &edit);

private:
    [[nodiscard]] ValueType type() const;
    void updateFields();
    void check();
    [[nodiscard]] std::optional<qint64> ttlMs() const; ///< -1: no expiry; empty: the input is not valid

    QComboBox *m_type;
    BytesField *m_name, *m_first, *m_second;
    QLabel *m_firstLabel, *m_secondLabel, *m_problem;
    QLineEdit *m_ttl;
    QPushButton *m_create;
    bool m_isWaiting = false; ///< waits for answer()
};

} // namespace slotscope
