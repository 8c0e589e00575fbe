// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class BytesField;

/// Asks for one or several pieces of bytes: a field and its value, a new name, a member.
class ElementDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElementDialog)
public:
    ElementDialog(const QString &title, const QString &actWords, QWidget *parent);
    BytesField *addField(const QString &name, const QByteArray &bytes = {}, bool isLong = false);
    void addWords(const QString &text); ///< what is to be known of it
    /// Why what was typed will not do; empty: it will.
    void setCheck(std::function<QString(const QByteArrayList &)> check);
    /// agreed() does not close it: it waits for answer(), so that nothing typed is lost where the server refuses.
    void setWaits() { m_waits = true; }
    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }
    /// What came of agreed(): it closes where that is done; else it shows why not, and can be used again. An empty
    /// problem: nothing was sent.
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
