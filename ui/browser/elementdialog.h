// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class BytesField;

/// Asks for one or more byte strings: a field and its value, a new name, a member.
class ElementDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElementDialog)
public:
    ElementDialog(const QString &title, const QString &actWords, QWidget *parent);
    BytesField *addField(const QString &name, const QByteArray &bytes = {}, bool isLong = false);
    void addWords(const QString &text); ///< adds an explanation
    /// `check` returns why the input is not valid, or an empty text.
    void setCheck(std::function<QString(const QByteArrayList &)> check);
    /// agreed() does not close the dialog: it waits for answer(), so that no input is lost if the server refuses.
    void setWaits() { m_waits = true; }
    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }
    /// Result after agreed(): closes the dialog if `isDone`; otherwise shows the problem, and the dialog can be used
    /// again. With an empty problem, nothing was sent.
    void answer(bool isDone, const QString &problem = {});
    [[nodiscard]] QString problem() const;
    [[nodiscard]] QByteArrayList values() const;
    [[nodiscard]] BytesField *field(int at) const { return m_fields.at(at); }
    [[nodiscard]] QPushButton *actButton() const { return m_act; }

Q_SIGNALS:
    void agreed(const QByteArrayList &values);

private:
    void check();

    std::function<QString(const QByteArrayList &)> m_check;
    QList<BytesField *> m_fields;
    QVBoxLayout *m_layout;
    QLabel *m_problem;
    QPushButton *m_act;
    bool m_waits = false, m_isWaiting = false;
};

} // namespace slotscope
