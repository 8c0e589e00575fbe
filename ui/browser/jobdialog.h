// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <functional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

/// Asks for the options of a bulk job; each job adds its own rows. The last row is the speed limit.
class JobDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobDialog)
public:
    enum class FileUse : quint8 { Read, Write };

    JobDialog(const QString &title, const QString &actWords, QWidget *parent);
    void addWords(const QString &text); ///< an introduction to the job, shown above the rows
    QComboBox *addChoice(const QString &name, const QList<QPair<QString, QVariant>> &choices);
    QLineEdit *addField(const QString &name, const QString &text = {});
    /// A field for a file's path, with a button to choose it. `filter` as QFileDialog takes it.
    QLineEdit *addFile(const QString &name, FileUse use, const QString &path, const QString &filter);
    /// `check` returns why the input is not acceptable, or an empty text if it is. Called after each change.
    void setCheck(std::function<QString()> check);
    /// `note` returns what the user should know about the input; shown under the rows and updated after each change.
    void setNote(std::function<QString()> note);

    [[nodiscard]] int perSecond() const; ///< highest number of keys per second; 0: no limit
    [[nodiscard]] QPushButton *actButton() const { return m_act; }
    [[nodiscard]] QComboBox *speedBox() const { return m_speed; }

Q_SIGNALS:
    void agreed();

private:
    void insertRow(const QString &name, QWidget *widget);
    void check();

    std::function<QString()> m_check, m_note;
    QLabel *m_words, *m_problem, *m_noteText;
    QFormLayout *m_rows;
    QComboBox *m_speed;
    QPushButton *m_act;
};

} // namespace slotscope
