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
};

} // namespace slotscope
